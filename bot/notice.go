package bot

import (
	"math"
	"strconv"
)

// A notice is something to say in place of an answer.
type notice string

const (
	noticeNone    notice = ""
	noticeLimit   notice = "limit"   // over a limit
	noticeAway    notice = "away"    // old messages in this group were skipped
	noticeSkipped notice = "skipped" // messages were left out while the platform was slow
	noticeFault   notice = "fault"   // a defect
	noticeUnsure  notice = "unsure"  // an answer may or may not have arrived
	noticeBusy    notice = "busy"    // too much waits; a command that shows a sign is turned away
	noticeStopped notice = "stopped" // the program ended before it had answered
)

func (b *Bot) noticeReply(lang string, n notice, args ...string) Reply {
	return Reply{Kind: KindNotice, Private: true, Blocks: []Block{b.in(lang).block("notice."+string(n), args...)}}
}

// noticeFor is what x.notice says.
func (b *Bot) noticeFor(x item) Reply {
	if x.notice == noticeLimit {
		return b.noticeReply(x.m.From.Lang, x.notice, "seconds", strconv.Itoa(int(math.Ceil(x.wait.Seconds()))))
	}
	return b.noticeReply(x.m.From.Lang, x.notice)
}
