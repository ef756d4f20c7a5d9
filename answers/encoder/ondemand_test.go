package encoder

import (
	"slices"
	"testing"
)

// What was let go is made again, and gives the same; and it is told whether anybody asked.
func TestRelease(t *testing.T) {
	const text = "who built the bridge?"
	first := loaded(t)
	other, err := LoadMultilingual()
	if err != nil {
		t.Fatal(err)
	}
	if Unused() || !Unused() {
		t.Error("both have been asked for, and then none")
	}
	if !Release() || Release() {
		t.Error("it is let go once")
	}
	if !Unused() {
		t.Error("letting go is no asking")
	}
	again := loaded(t)
	if again == first || again != loaded(t) {
		t.Error("it is made again, once")
	}
	if Unused() {
		t.Error("it was asked for")
	}
	if want, got := first.Encode(text).Sentence, again.Encode(text).Sentence; !slices.Equal(got, want) {
		t.Error("it gives another vector")
	}
	if e, err := LoadMultilingual(); err != nil || !slices.Equal(e.Encode(text), other.Encode(text)) {
		t.Errorf("the multilingual one gives another vector, or the error %v", err)
	}
}
