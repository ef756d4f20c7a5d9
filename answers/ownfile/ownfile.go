// Package ownfile gives back the memory that pages of the program's own file take. Much of that
// file is read once: the weights of an encoder, when they are expanded, and whatever only a start
// needs. The system keeps such pages mapped, and counts them as the program's, until it is short
// of memory. What was given back and is needed after all comes from the system's cache of files.
//
// It knows nothing of what stands in the file.
package ownfile
