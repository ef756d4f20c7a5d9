package dialog

import (
	"context"
	"errors"
	"slices"
	"strings"

	"footnote/bot"
)

// How pictures and answers look is chosen for a place, or by a person for the direct chat. What
// is not usual is kept, as words.

// The words of the choice.
const (
	lookDark  = "dark"  // timelines
	lookLight = "light" // as usual
	lookRich  = "rich"  // answers with footnotes that open
	lookPlain = "plain" // as usual
)

// looks reports whether a look was chosen where the exchange is held.
func (x *exchange) looks(ctx context.Context, word string) bool {
	return slices.Contains(strings.Fields(x.d.looking.of(ctx, x.scopeHere())), word)
}

// canBeRich reports whether the adapter has messages with footnotes that open.
func (x *exchange) canBeRich() bool {
	_, ok := x.via.(bot.RichAdapter)
	return ok
}

// enrich marks replies that are to have footnotes that open, where that was chosen.
func (x *exchange) enrich(ctx context.Context, all []bot.Reply) []bot.Reply {
	if x.canBeRich() && x.looks(ctx, lookRich) {
		for i := range all {
			all[i].Rich = true
		}
	}
	return all
}

// setLook chooses a look.
func (x *exchange) setLook(ctx context.Context, word string) bot.Reply {
	usual := map[string]string{lookLight: lookDark, lookPlain: lookRich}
	chosen := strings.Fields(x.d.looking.of(ctx, x.scopeHere()))
	if other, ok := usual[word]; ok {
		chosen = slices.DeleteFunc(chosen, func(w string) bool { return w == other })
	} else if !slices.Contains(chosen, word) {
		chosen = append(chosen, word)
	}
	slices.Sort(chosen)
	if err := x.d.looking.set(ctx, x.scopeHere(), strings.Join(chosen, " ")); err != nil && !errors.Is(err, bot.ErrLingers) {
		x.d.c.Log.Warn("settings could not be stored", "platform", x.m.To.Platform, "error", err)
		return x.notice("settings.failed")
	}
	return x.announce(lookKeys[word])
}

// lookKeys are the texts that tell of looks.
var lookKeys = map[string]string{
	lookDark: "settings.pictures-dark", lookLight: "settings.pictures-light", lookRich: "settings.layout-rich", lookPlain: "settings.layout-plain",
}

// looksNow are the texts that tell how things look here.
func (x *exchange) looksNow(ctx context.Context) []string {
	now := []string{lookKeys[lookLight]}
	if x.looks(ctx, lookDark) {
		now[0] = lookKeys[lookDark]
	}
	switch {
	case !x.canBeRich():
	case x.looks(ctx, lookRich):
		now = append(now, lookKeys[lookRich])
	default:
		now = append(now, lookKeys[lookPlain])
	}
	return now
}
