package parse

import "testing"

// A follow-up in a language of the interface is read as English; whatever tells
// something by itself is left as it is.
func TestInEnglish(t *testing.T) {
	for text, want := range map[string]string{
		"Und wann war das?":         "and when was that",
		"wer hat das gesagt?":       "who has that said",
		"WIE VIELE?":                "how many",
		"warum denn?":               "why",
		"Und Breschnew?":            "and breschnew",
		"Et quand ?":                "and when",
		"Qu'est-ce qui s'est passé": "what was happened",
		"Quand est-ce que c'était":  "when that was",
		"Qui l'a dit ?":             "who has said",
		"Où était-ce ?":             "where was that",
		"¿Y por qué?":               "and why",
		"¿por qué?":                 "why",
		"¿Quién lo dijo?":           "who it said",
		"¿cuántos?":                 "how many",
		"А когда это было?":         "and when that was",
		"почему?":                   "why",
		"в каком году?":             "in which year",
		"а Хрущёв?":                 "and хрущев",
	} {
		if got, ok := FollowUpInEnglish(text); !ok || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "?!", "war", "tag", "date", "die", "when was that?", "and Brezhnev?", "who was Stalin?", "was that true?", "so when was it?", "a cult of personality",
		"wann starb Stalin?", "quand est mort Staline ?", "¿cuándo murió Stalin?", "когда умер Сталин?", "was ist Neostalinismus",
		"und was sagte Breschnew über den Kult um Stalin?", "et et et et et et et et", "comment on the cult", "plus",
	} {
		if got, ok := FollowUpInEnglish(text); ok {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

// What reads like a follow-up and asks about the moment, or whoever asks, is none.
func TestAsksOfThePresent(t *testing.T) {
	for text, want := range map[string]bool{
		"what time is it?": false, "What year is it now": false, "what day is today?": false, "which date is today": false, "who am I?": false, "where am i": false,
		"what year was it?": true, "what time was that": true, "who says so?": true, "according to whom?": true, "is it true?": true, "when is it from?": true,
	} {
		words := read(text)
		if _, ok := LeaningOf(words, Frame{Asks: AsksFor(words)}); ok != want {
			t.Errorf("%q: %v, want %v", text, ok, want)
		}
	}
}

// A slip that is a word of its own is mended where only the question word makes sense.
func TestSlips(t *testing.T) {
	for text, want := range map[string]Asks{
		"wen did Khrushchev speak": AsksWhen, "were did it happen": AsksWhere, "hoo was Novack": AsksWho,
		"Wen Jiabao resigned": AsksOther, "were they shot": AsksOther, "were the Slavophiles nationalists": AsksOther,
	} {
		if got := AsksFor(read(text)); got != want {
			t.Errorf("%q asks %v, want %v", text, got, want)
		}
	}
}
