package main

import (
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// timersLate is by how much the system may let timers of serve be late, to serve several at once.
// Nothing that the bot waits for is a matter of milliseconds.
const timersLate = 5 * time.Millisecond

// letTimersBeLate has the system let timers be late, and with them the thread by which Go's runtime
// looks after the others: while a process has something to do now and then, as under messages, that
// thread wakes every 70 µs, which takes a tenth of the processor time of a message, and more where
// several processes share the messages. It exists before any line of the program runs, and is as
// punctual as the process was when it began. So the program begins anew, once, in the same process. Where
// that is not allowed it goes on as it is; a service manager may have set as much already
// (TimerSlackNSec of systemd).
func letTimersBeLate() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	is, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil || is >= int(timersLate) {
		return
	}
	program, err := os.Executable() // the process is called after it; after /proc/self/exe it would be "exe"
	if err != nil || unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(timersLate), 0, 0, 0) != nil {
		return
	}
	_ = syscall.Exec(program, os.Args, os.Environ())
}
