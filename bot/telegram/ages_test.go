package telegram

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// However wrong the clock of this machine is, a question that comes while the bot listens
// is not old, and one that has waited is.
func TestAges(t *testing.T) {
	real := time.Unix(1_790_000_000, 0)
	for name, ahead := range map[string]time.Duration{"right": 0, "fast": 15 * time.Minute, "very fast": 400 * 24 * time.Hour, "slow": -15 * time.Minute} {
		for _, dated := range []bool{true, false} {
			var a ages
			var log strings.Builder
			poll := func(at time.Time, last bool) {
				server := int64(0)
				if dated {
					server = at.Unix()
				}
				a.polled(at.Add(ahead), server, slog.New(slog.NewTextHandler(&log, nil)))
				a.handedOver(last)
			}
			age := func(now, sent time.Time) time.Duration { return now.Add(ahead).Sub(a.of(sent)) }
			if dated { // what waited at the start: without the server's clock nobody knows
				a.polled(real.Add(ahead), real.Unix(), slog.New(slog.NewTextHandler(&log, nil)))
				if got := age(real, real.Add(-time.Hour)); got != time.Hour {
					t.Errorf("%s: what has waited for an hour is %v old", name, got)
				}
			}
			poll(real, true)
			now := real.Add(50 * time.Second)
			a.polled(now.Add(ahead), a.server(now, dated), slog.New(slog.NewTextHandler(&log, nil)))
			if got := age(now, now.Add(-time.Second)); got > time.Minute {
				t.Errorf("%s, dated %t: what came just now is %v old", name, dated, got)
			}
			if told := strings.Contains(log.String(), "clock is wrong"); told != (dated && ahead != 0) || strings.Count(log.String(), "\n") > 1 {
				t.Errorf("%s, dated %t: logged %q", name, dated, log.String())
			}
		}
	}
}

func (a ages) server(now time.Time, dated bool) int64 {
	if !dated {
		return 0
	}
	return now.Unix()
}

// Of a list of updates no more are read than were asked for.
func TestNoMoreUpdatesThanAskedFor(t *testing.T) {
	raw := "[" + strings.Repeat(`{"update_id":1},`, 3*pollLimit) + `{}]`
	if all, err := receive(json.RawMessage(raw)); err != nil || len(all) != pollLimit {
		t.Errorf("%d updates, %v", len(all), err)
	}
	mixed := "[" + strings.Repeat(`{"update_id":1},7,`, 3*pollLimit) + `{}]`
	if all, err := receive(json.RawMessage(mixed)); err != nil || len(all) != pollLimit || all[1].err == nil {
		t.Errorf("%d updates, %v", len(all), err)
	}
	if all, err := receive(json.RawMessage("null")); err != nil || len(all) != 0 {
		t.Errorf("null: %v, %v", all, err)
	}
	if _, err := receive(json.RawMessage("{}")); err == nil {
		t.Error("an object is no list")
	}
	big := json.RawMessage("[" + strings.Repeat("{},", 2_000_000) + "{}]")
	if n := testing.AllocsPerRun(1, func() { _, _ = receive(big) }); n > 10_000 {
		t.Errorf("two million updates cost %.0f allocations", n)
	}
}

// What a damaged store says of the place in the queue is not believed.
func TestImpossibleOffsets(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	for s, want := range map[string]int64{
		formatOffset(7, now): 7, formatOffset(7, now.Add(time.Hour)): 7,
		formatOffset(7, now.Add(48*time.Hour)): 0, formatOffset(1<<62, now): 0, formatOffset(-1, now): 0, formatOffset(7, now.Add(-25*time.Hour)): 0,
		"7@" + strings.Repeat("9", 40): 0, "": 0, "x@y": 0,
	} {
		if got := parseOffset(s, now); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}
