package dialog

import (
	"slices"

	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge/search"
)

// Bounds of completions, from Discord's autocomplete.
const (
	maxCompletion = 100
	suggestFloor  = .4 // somebody is still typing
)

// Suggest implements [bot.Suggester]: topics, people and titles for "search", what can be set for
// "settings", timelines for "timeline", and questions, with the id of their fact, for every other.
func (d *Dialog) Suggest(command, text, tag string, n int) []bot.Completion {
	s := d.packs.Load()
	tag = lang.Base(tag)
	var all []bot.Completion
	add := func(shown, value string) {
		if len(all) < n && value != "" && len([]rune(value)) <= maxCompletion &&
			!slices.ContainsFunc(all, func(c bot.Completion) bool { return c.Value == value }) {
			all = append(all, bot.Completion{Label: label(shown, maxCompletion), Value: value})
		}
	}
	if n <= 0 {
		return nil
	}
	if command == "timeline" {
		return s.timelines.suggest(text, n)
	}
	if command == "settings" {
		return d.suggestSettings(text, n)
	}
	typed := search.Typed(text)
	if len(typed) == 0 {
		if command == "search" {
			for _, t := range s.topics {
				add(t.name, t.name)
			}
			return all
		}
		for _, f := range s.base.Facts() {
			if len(all) == n {
				break
			}
			add(f.Canonical(tag), f.ID)
		}
		return all
	}
	in := sourceFields
	if command == "search" {
		for name := range s.index.Names(typed[len(typed)-1]) {
			add(name, name)
		}
		in = searchFields
	}
	for _, hit := range search.AtLeast(suggestFloor, s.index.Find(text, in, true)) {
		if len(all) == n {
			break
		}
		add(hit.Fact.Canonical(tag), hit.Fact.ID)
	}
	return all
}
