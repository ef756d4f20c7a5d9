//go:build !linux

package main

import "net"

// filelessSocket is "": only Linux has sockets without a file.
func filelessSocket(string) string { return "" }

// mayAsk is true: who may open the socket's file may ask.
func mayAsk(net.Conn) bool { return true }

// shortPath knows no shorter path of a folder.
func shortPath(string) (path string, done func(), ok bool) { return "", nil, false }
