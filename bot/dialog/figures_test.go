package dialog

import (
	"slices"
	"testing"

	"footnote/bot/lang"
)

func TestFiguresSaid(t *testing.T) {
	v := newVocabulary(lang.All())
	for _, x := range []struct {
		sentence string
		missing  []string
		want     []string
	}{
		{"Constantinople fell on 30 May 1453.", []string{"30"}, []string{"30 May 1453"}},
		{"On May 30, 1453, it fell.", []string{"30"}, []string{"May 30, 1453"}},
		{"It fell in (June 1453).", []string{"june"}, []string{"June 1453"}},
		{"It fell on the 30th of May 1453", []string{"30"}, []string{"30th of May 1453"}},
		{"Es fiel am 30. Mai 1453.", []string{"30"}, []string{"30. Mai 1453"}},
		{"Elle tomba le 30 août 1453 !", []string{"aout"}, []string{"30 août 1453"}},
		{"Cayó el 30 de mayo de 1453, de noche.", []string{"30"}, []string{"30 de mayo de 1453"}},
		{"Он пал 30 мая 1453 года.", []string{"30"}, []string{"30 мая 1453"}},
		{"Mehmed had 90,000 men and 12 guns in 1453.", []string{"90000", "12"}, []string{"90,000", "12"}},
		{"It fell on 1453-05-30.", []string{"30"}, []string{"1453-05-30"}},
		{"It fell in 1452, they say.", []string{"1452", "they"}, []string{"1452"}},
		{"The sultan had eighty guns.", []string{"sultan", "80"}, nil},
		{"It fell in 1453.", nil, nil},
		{"", []string{"1"}, nil},
	} {
		if got := v.figuresSaid(x.sentence, x.missing); !slices.Equal(got, x.want) {
			t.Errorf("%q without %q: %q, want %q", x.sentence, x.missing, got, x.want)
		}
	}
}
