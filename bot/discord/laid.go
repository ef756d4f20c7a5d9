package discord

import (
	"strings"
	"unicode"

	"footnote/bot"
	"footnote/bot/platform"
)

// Sources, positions and lists are messages of components: a frame with a text for each
// entry, set apart by lines, the button of an entry beside it and pictures among them. Such a
// message has neither content nor embeds. A plain answer never is one: it is to be quoted,
// copied and searched.

// flagComponents says that a message is made of components. It stays with the message.
const flagComponents = 1 << 15

// Limits of such messages.
const (
	maxLaidText   = 4000 // UTF-16 units of all texts together
	maxComponents = 40   // with those inside others
)

// Types of components.
const (
	componentSection   = 9
	componentText      = 10
	componentGallery   = 12
	componentSeparator = 14
	componentContainer = 17
)

// A mediaItem is a picture: a file of the same message, as attachment://name, or an address
// that Discord fetches.
type mediaItem struct {
	Media       media  `json:"media"`
	Description string `json:"description,omitempty"`
}

type media struct {
	URL string `json:"url"`
}

// isLaid reports whether r is a message of components.
func isLaid(r bot.Reply) bool {
	if r.File != nil && !r.File.Picture() {
		return false
	}
	switch r.Kind {
	case bot.KindSource, bot.KindPositions, bot.KindList:
		return true
	}
	return r.File != nil && r.File.URL != "" // a picture by its address can be shown in no other way
}

// lay turns a reply into a message of components that Discord accepts, whatever is in it.
func lay(r bot.Reply) payload {
	r.Preview = "" // there is none in such a message
	if size := func(r bot.Reply) int { return platform.UTF16Len(content(r)) }; size(r) > maxLaidText {
		r = bot.Fit(r, maxLaidText, size)
	}
	p := payload{AllowedMentions: allowedMentions{Parse: []string{}}, Flags: flagComponents}
	if r.File != nil && r.File.URL == "" {
		p.attach(r)
	}
	for _, beside := range []bool{true, false} {
		l := layer{beside: beside, picture: picture(r)}
		p.Components = l.lay(r)
		if count(p.Components) <= maxComponents {
			break
		}
	}
	return p
}

// picture is the picture of r, if it has one.
func picture(r bot.Reply) *component {
	if !r.File.Picture() {
		return nil
	}
	address := r.File.URL
	if address == "" {
		address = "attachment://" + r.File.Name
	}
	return &component{Type: componentGallery, Items: []mediaItem{{
		Media: media{URL: address}, Description: platform.CutUTF16(platform.Clean(r.Description()), maxAlt),
	}}}
}

// A layer puts the blocks of a reply into components.
type layer struct {
	beside  bool       // buttons stand beside their entries, and lines between these
	picture *component // goes below the first block

	parts []component
	text  escaper
	begun bool // text holds something
}

func (l *layer) lay(r bot.Reply) []component {
	buttons := map[string]bot.Button{}
	for _, b := range r.Buttons {
		if _, ok := buttons[b.Action]; !ok { // a second one with the same action cannot be
			buttons[b.Action] = b
		}
	}
	used := map[string]bool{}
	first := true
	for x := range r.Lines() {
		if !first && l.picture != nil {
			l.gallery()
		}
		first = false
		if b, ok := buttonOf(buttons[x.Action]); ok && x.Action != "" && l.beside && !used[x.Action] {
			used[x.Action] = true
			l.flush()
			l.write(x, "")
			l.section(b)
			continue
		}
		if l.beside && x.Gap && x.Kind != bot.Fine {
			l.separate()
		}
		l.write(x, x.Break)
	}
	l.flush()
	l.gallery()
	if len(l.parts) == 0 {
		l.parts = []component{{Type: componentText, Content: "…"}} // only a reply without any text comes here
	}
	var rest []bot.Button
	for _, b := range r.Buttons {
		if !used[b.Action] {
			rest = append(rest, b)
		}
	}
	return append([]component{{Type: componentContainer, Components: l.parts}}, rows(rest)...)
}

// write adds a block to the text that is being written.
func (l *layer) write(x bot.Line, br string) {
	if l.begun {
		l.text.b.WriteString(br)
	}
	l.text.block(x)
	l.begun = true
}

// take ends the text that is being written and returns it.
func (l *layer) take() (component, bool) {
	text := strings.TrimFunc(l.text.b.String(), unicode.IsSpace)
	l.text, l.begun = escaper{}, false
	return component{Type: componentText, Content: text}, text != ""
}

func (l *layer) flush() {
	if c, ok := l.take(); ok {
		l.parts = append(l.parts, c)
	}
}

// section ends the text that is being written with a button beside it.
func (l *layer) section(b component) {
	if c, ok := l.take(); ok {
		l.parts = append(l.parts, component{Type: componentSection, Components: []component{c}, Accessory: &b})
	}
}

// separate ends the text that is being written with a line below it.
func (l *layer) separate() {
	l.flush()
	if len(l.parts) > 0 {
		l.parts = append(l.parts, component{Type: componentSeparator})
	}
}

// gallery shows the picture, once.
func (l *layer) gallery() {
	if l.picture == nil {
		return
	}
	l.flush()
	l.parts = append(l.parts, *l.picture)
	l.picture = nil
}

// count is how many components there are, with those inside others.
func count(all []component) int {
	n := 0
	for _, c := range all {
		n += 1 + count(c.Components)
		if c.Accessory != nil {
			n++
		}
	}
	return n
}
