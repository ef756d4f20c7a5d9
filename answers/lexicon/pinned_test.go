package lexicon

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"
)

// The lists that ship are those that the tools made of their pinned sources. Whoever makes
// them again on purpose changes the sums with them.
func TestShippedListsArePinned(t *testing.T) {
	for name, want := range map[string]string{
		"words.txt.gz": "fd8bfe8dff9238945afcddc5e121f6adebc6fa49daa11a66bbcc14146b3e28b7",
		"relations.gz": "487fb65c3f8e9663010713b80a8b924cda3575ecf3ad140142811e2cd97c34e2",
	} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has the SHA-256 %x, want %s", name, sum, want)
		}
	}
}
