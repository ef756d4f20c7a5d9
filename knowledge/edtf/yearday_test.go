package edtf_test

import (
	"fmt"
	"testing"
	"time"

	"footnote/knowledge/edtf"
)

func TestYearDays(t *testing.T) {
	for date, want := range map[edtf.Date]string{
		"1956-02-25":            "[{February 25}]",
		"1956-02-25?":           "[{February 25}]",
		"1941-06-22/1945-05-09": "[{June 22} {May 9}]",
		"1941-06-22/1945":       "[{June 22}]",
		"1956-02-25T23:00:00":   "[{February 25}]",
		"1956-02-25/1956-02-25": "[{February 25}]",
		"1956-02-25~":           "[]",
		"1956-02":               "[]",
		"1956-02-XX":            "[]",
		"1956":                  "[]",
		"1941-06-22/..":         "[{June 22}]",
		"-0043-03-15":           "[{March 15}]",
		"nonsense":              "[]",
	} {
		if got := fmt.Sprint(date.YearDays()); got != want {
			t.Errorf("%s: %s, want %s", date, got, want)
		}
	}
}

func TestDayIn(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "25 February", "de": "25. Februar", "fr": "25 février", "es": "25 de febrero", "ru": "25 февраля", "xx": "25 February",
	} {
		if got := edtf.DayIn(lang, time.February, 25); got != want {
			t.Errorf("%s: %s, want %s", lang, got, want)
		}
	}
	if got := edtf.DayIn("fr", time.March, 1); got != "1er mars" {
		t.Error(got)
	}
}
