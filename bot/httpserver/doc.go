// Package httpserver is the one HTTP listener of the program: whether it is well, its figures,
// and whatever adapters and the site answer over HTTP. It knows neither platforms nor what
// is said; handlers are given to it with [Server.Mount]. Everything about a request is
// bounded: its header, its body, its time, and how many there are at once.
package httpserver
