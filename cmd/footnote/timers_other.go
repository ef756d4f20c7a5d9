//go:build !linux

package main

// letTimersBeLate does nothing: systems other than Linux have no such setting, or another.
func letTimersBeLate() {}
