package bot

import "time"

// A Notice is something to say in place of an answer.
type Notice struct {
	Kind NoticeKind
	Wait time.Duration // for NoticeLimit: how long the limit lasts
}

// A NoticeKind says what happened to a message that is not answered.
type NoticeKind string

// What can happen to a message that is not answered.
const (
	NoticeLimit     NoticeKind = "limit"   // over a limit
	NoticeAway      NoticeKind = "away"    // old messages in this group were skipped
	NoticeSkipped   NoticeKind = "skipped" // messages were left out while the platform was slow
	NoticeFault     NoticeKind = "fault"   // a defect
	NoticeUncertain NoticeKind = "unsure"  // an answer may or may not have arrived
	NoticeBusy      NoticeKind = "busy"    // too much waits; a command that shows a sign is turned away
	NoticeStopped   NoticeKind = "stopped" // the program ended before it had answered
)
