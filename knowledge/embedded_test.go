package knowledge

import "testing"

// Every pack of the program loads, and what Check says of it is shown.
func TestEmbedded(t *testing.T) {
	base, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range base.Packs {
		if len(p.Facts) == 0 || len(p.Sources) == 0 || len(p.Hash) != 64 {
			t.Errorf("%s: %d facts, %d sources, hash %q", p.ID, len(p.Facts), len(p.Sources), p.Hash)
		}
		for _, f := range p.Facts {
			if f.Pack != p || f.Place.Line == 0 {
				t.Errorf("%s: pack %p, place %+v", f.ID, f.Pack, f.Place)
			}
			if f.Status != CitationNeeded && len(f.Cites) == 0 {
				t.Errorf("%s has no citation", f.ID)
			}
			for _, c := range f.Cites {
				if c.Source == nil {
					t.Errorf("%s cites nothing", f.ID)
				}
			}
		}
		for _, w := range p.warnings {
			t.Log(w)
		}
	}
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := Embedded(); err != nil {
			b.Fatal(err)
		}
	}
}
