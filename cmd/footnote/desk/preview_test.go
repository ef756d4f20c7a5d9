package desk

import (
	"reflect"
	"testing"
)

func TestPreviews(t *testing.T) {
	want := []PreviewBlock{
		{"", []PreviewSpan{{Text: "Established", Bold: true}}},
		{"", []PreviewSpan{{Text: "It was <built> in 1431 & 1434 *then*."}}},
		{"quote", []PreviewSpan{{Text: "begun", Italic: true}, {Text: " in 1431"}}},
		{"", []PreviewSpan{{Text: "Brandt, "}, {Text: "The Bridge", Italic: true}, {Text: ", "}, {Text: "https://example.org/a", URL: "https://example.org/a"}}},
	}
	if got := FromTelegram("<b>Established</b>\nIt was &lt;built&gt; in 1431 &amp; 1434 *then*.\n\n<blockquote><i>begun</i> in 1431</blockquote>\nBrandt, <i>The Bridge</i>, <a href=\"https://example.org/a\">https://example.org/a</a>"); !reflect.DeepEqual(got, want) {
		t.Errorf("Telegram: %+v", got)
	}
	if got := FromDiscord("**Established**\nIt was \\<built\\> in 1431 & 1434 \\*then\\*.\n\n> *begun* in 1431\nBrandt, *The Bridge*, <https://example.org/a>"); !reflect.DeepEqual(got, want) {
		t.Errorf("Discord: %+v", got)
	}
	if got := FromDiscord("-# fine\n- item `code`"); len(got) != 2 || got[0].Kind != "fine" || got[1].Kind != "item" || !got[1].Spans[1].Code {
		t.Errorf("%+v", got)
	}
}
