package discordtest

import (
	"net/url"
	"strings"
	"unicode/utf16"
)

// A component is a part of a message, with every field that this bot may give one.
type component struct {
	Type       int         `json:"type"`
	Style      int         `json:"style"`
	Label      string      `json:"label"`
	CustomID   string      `json:"custom_id"`
	URL        string      `json:"url"`
	Content    string      `json:"content"`
	Components []component `json:"components"`
	Accessory  *component  `json:"accessory"`
	Items      []struct {
		Media struct {
			URL string `json:"url"`
		} `json:"media"`
		Description string `json:"description"`
	} `json:"items"`
}

// Limits of messages of components.
const (
	maxLaidText   = 4000
	maxComponents = 40
)

// Types of components.
const (
	typeRow       = 1
	typeButton    = 2
	styleLink     = 5
	maxButtonURL  = 512
	typeSection   = 9
	typeText      = 10
	typeGallery   = 12
	typeSeparator = 14
	typeContainer = 17
)

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// each calls do for c and all that is in it.
func (c component) each(do func(component)) {
	do(c)
	for _, x := range c.Components {
		x.each(do)
	}
	if c.Accessory != nil {
		c.Accessory.each(do)
	}
}

// checkRow checks a row of buttons.
func (c component) checkRow(seen map[string]bool, bad func(string, ...any)) {
	if c.Type != typeRow || len(c.Components) == 0 || len(c.Components) > 5 {
		bad("a row of type %d with %d components", c.Type, len(c.Components))
	}
	for _, b := range c.Components {
		b.checkButton(seen, bad)
	}
}

func (c component) checkButton(seen map[string]bool, bad func(string, ...any)) {
	if c.Type == typeButton && c.Style == styleLink {
		if l := units(c.Label); !strings.HasPrefix(c.URL, "https://") || len(c.URL) > maxButtonURL || c.CustomID != "" || l < 1 || l > maxLabel {
			bad("link %+v", c)
		}
		return
	}
	if n, l := units(c.CustomID), units(c.Label); c.Type != typeButton || c.Style < 1 || c.Style > 4 || n < 1 || n > maxCustomID || l < 1 || l > maxLabel || seen[c.CustomID] {
		bad("button %+v", c)
	}
	seen[c.CustomID] = true
}

// checkLaid checks a message of components by Discord's rules: which may stand where, how
// many, and how long their texts are together.
func (m *sentMessage) checkLaid(bad func(string, ...any)) {
	seen := map[string]bool{}
	n, text := 0, 0
	for _, c := range m.Components {
		c.each(func(x component) { n, text = n+1, text+units(x.Content) })
		if c.Type == typeContainer {
			if len(c.Components) == 0 {
				bad("an empty container")
			}
			for _, x := range c.Components {
				if x.Type == typeContainer {
					bad("a container in a container")
				}
				x.checkPart(m, seen, bad)
			}
			continue
		}
		c.checkPart(m, seen, bad)
	}
	if n == 0 || n > maxComponents {
		bad("%d components", n)
	}
	if text > maxLaidText {
		bad("texts of %d units together, Discord takes %d", text, maxLaidText)
	}
}

// checkPart checks what may stand by itself or in a container.
func (c component) checkPart(m *sentMessage, seen map[string]bool, bad func(string, ...any)) {
	switch c.Type {
	case typeRow:
		c.checkRow(seen, bad)
	case typeText:
		if strings.TrimSpace(c.Content) == "" {
			bad("an empty text")
		}
	case typeSeparator:
	case typeSection:
		if len(c.Components) == 0 || len(c.Components) > 3 || c.Accessory == nil {
			bad("a section of %d texts with the accessory %+v", len(c.Components), c.Accessory)
			return
		}
		for _, x := range c.Components {
			if x.Type != typeText || strings.TrimSpace(x.Content) == "" {
				bad("%+v in a section", x)
			}
		}
		c.Accessory.checkButton(seen, bad)
	case typeGallery:
		if len(c.Items) == 0 || len(c.Items) > 10 {
			bad("a gallery of %d", len(c.Items))
		}
		for _, x := range c.Items {
			name, file := strings.CutPrefix(x.Media.URL, "attachment://")
			if u, err := url.Parse(x.Media.URL); file && !m.announces(name) || !file && (err != nil || u.Scheme != "https" || len(x.Media.URL) > 2048) {
				bad("a picture at %q", x.Media.URL)
			}
			if n := units(x.Description); n == 0 || n > maxAlt {
				bad("a picture with a description of %d units", n)
			}
		}
	default:
		bad("a component of type %d", c.Type)
	}
}

func (m *sentMessage) announces(name string) bool {
	for _, a := range m.Attachments {
		if a.Filename == name {
			return true
		}
	}
	return false
}

// laidText is what people read of a message of components, a line between its parts.
func (m *sentMessage) laidText() string {
	var all []string
	for _, c := range m.Components {
		c.each(func(x component) {
			switch x.Type {
			case typeText:
				all = append(all, x.Content)
			case typeSeparator:
				all = append(all, "")
			}
		})
	}
	return strings.Join(all, "\n")
}

// pictures are the addresses that the message shows pictures from.
func (m *sentMessage) pictures() (all []string) {
	for _, c := range m.Components {
		c.each(func(x component) {
			for _, i := range x.Items {
				if !strings.HasPrefix(i.Media.URL, "attachment://") {
					all = append(all, i.Media.URL)
				}
			}
		})
	}
	return all
}

// buttons are the buttons of a message: those beside texts first, then those in rows, and how
// many stand in each row.
func (m *sentMessage) buttons() (all []Button, rows []int) {
	var below []Button
	for _, c := range m.Components {
		c.each(func(x component) {
			switch {
			case x.Type == typeSection && x.Accessory != nil:
				all = append(all, Button{x.Accessory.Label, x.Accessory.CustomID})
			case x.Type == typeRow:
				for _, b := range x.Components {
					below = append(below, Button{b.Label, b.CustomID})
				}
				rows = append(rows, len(x.Components))
			}
		})
	}
	return append(all, below...), rows
}

// look is the message as the clients show it: a frame, lines between its parts, pictures, and
// buttons behind the texts that they stand beside.
func (m *sentMessage) look() string {
	var b strings.Builder
	line := func(s string) { b.WriteString(strings.TrimRight("│ "+s, " ") + "\n") }
	text := func(s string) {
		for l := range strings.SplitSeq(Look(s), "\n") {
			line(l)
		}
	}
	for _, c := range m.Components {
		for _, x := range c.Components {
			switch x.Type {
			case typeText:
				text(x.Content)
			case typeSeparator:
				line("────")
			case typeSection:
				text(x.Components[0].Content + "   [ " + x.Accessory.Label + " ]")
			case typeGallery:
				line("(a picture) " + x.Items[0].Media.URL)
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
