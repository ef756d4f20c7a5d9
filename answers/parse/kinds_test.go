package parse

import "testing"

func TestIsNameAlone(t *testing.T) {
	for q, want := range map[string]bool{
		"Amin": true, "quintus veranus": true, "who was amin?": true, "tell me about the gulag": true, "What is the gulag?": true,
		"what post did Luzhkov hold": false, "was this Novack a Trotskyist": false, "when was Amin born": false, "Amin in 1979": false, "": false,
		"who founded the shipyard": false, "what burned down": false, "tell me who amin is": true, "what about amin": true,
	} {
		if got := IsNameAlone(Question("en", q)); got != want {
			t.Errorf("%q: %v", q, got)
		}
	}
}
