package dialog

import (
	"testing"

	"footnote/knowledge/edtf"
)

func TestYearsTyped(t *testing.T) {
	for text, want := range map[string]edtf.Date{
		"1956": "1956", "1953-1964": "1953/1964", "1953 – 1964": "1953/1964", "1953 to 1964": "1953/1964", "с 1953": "",
		"1953 bis 1964": "1953/1964", "1953...1964": "1953/1964", "199X": "199X", "-0300/-0100": "-0300/-0100", "985-1000": "0985/1000",
		"1964-1953": "1953/1964", "1953-64": "1953/1964", "1964-53": "", "1964–65": "1964/1965", "1950s": "", "Khrushchev": "", "": "", "2": "0002", "1956-02": "1956-02", "..": "",
	} {
		if got := yearsTyped(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A series is what a button may name, and nothing else.
func FuzzSeries(f *testing.F) {
	for _, s := range []string{"a", "a b", "t the war", "p Jon Holt", "y 1950/1960", "y x", "q", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := action{verb: doTurn, list: listTimeline, page: 1, arg: s}
		if written := a.String(); written != "" && !series(s).valid() {
			t.Errorf("%q fits a button and names no series", s)
		}
		_ = yearsTyped(s)
	})
}
