// Package web makes web sites of packs. A [Site] is the pages of a base: each fact with its
// citations, and what leads to it. [Site.Export] writes them into a folder for any web
// server, and a [Server] serves the same pages from memory and lets people ask. Both need no
// script, no cookie and nothing of a third party. The package knows facts and what is said;
// it knows no chat platform, and stores nothing of those who visit.
package web
