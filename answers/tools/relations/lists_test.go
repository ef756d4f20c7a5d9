package main

import (
	"slices"
	"strings"
	"testing"
)

// The lists are well formed and do not contradict each other.
func TestLists(t *testing.T) {
	type two [2]string
	opposite := map[two]bool{}
	word := func(line string, words ...string) {
		for _, w := range words {
			if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("%q: word %q", line, w)
			}
		}
	}
	check := func(name, list string, use func(line string) error) {
		t.Helper()
		if err := entries(list, use); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	check("opposites", oppositesList, func(line string) error {
		if rest, ok := strings.CutPrefix(line, "not:"); ok {
			word(line, strings.Fields(rest)...)
			return nil
		}
		left, right, err := sides(line)
		word(line, append(left, right...)...)
		for _, l := range left {
			if slices.Contains(right, l) {
				t.Errorf("%q: %s is its own opposite", line, l)
			}
			for _, r := range right {
				opposite[two{l, r}], opposite[two{r, l}] = true, true
			}
		}
		return err
	})
	check("families", familiesList, func(line string) error {
		words := strings.Fields(line)
		word(line, words...)
		for i, x := range words {
			for _, y := range words[:i] {
				if opposite[two{x, y}] || x == y {
					t.Errorf("families: %s and %s are opposites, or one word", x, y)
				}
			}
		}
		return nil
	})
	check("irregular", irregularList, func(line string) error {
		if rest, ok := strings.CutPrefix(line, "="); ok {
			word(line, strings.Fields(rest)...)
			return nil
		}
		base, forms, err := keyed(line)
		word(line, append(forms, base)...)
		return err
	})
	check("places", placesList, func(line string) error {
		kind, words, err := keyed(line)
		word(line, words...)
		if !slices.Contains([]string{"country", "region", "city", "people", "name"}, kind) || len(words) < 2 {
			t.Errorf("places: %q", line)
		}
		return err
	})
	roles := map[string]string{}
	check("roles", rolesList, func(line string) error {
		role, words, err := keyed(line)
		word(line, words...)
		for _, w := range words {
			if other, ok := roles[w]; ok && other != role || !slices.Contains(roleNames, role) {
				t.Errorf("roles: %s: %s and %q", w, role, other)
			}
			roles[w] = role
		}
		return err
	})
}
