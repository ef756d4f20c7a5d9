package answers

import (
	"cmp"
	"slices"
	"sort"

	"footnote/answers/lexicon"
	"footnote/answers/parse"
)

// A vocabulary numbers the words of a base, so that comparing them is comparing numbers. Keys
// (stems, numbers) have their numbers in the order of the alphabet, so that those of one
// beginning are neighbours. It is immutable once the index is made.
type vocabulary struct {
	ids   map[string]int32
	keys  []string
	marks []uint8 // by key
	facts []int32 // how many facts hold a key

	textIDs map[string]int32 // content words as they stand
	texts   []string
	forms   []lexicon.ID // their base forms,
	from    []int32      // of each text, and the end of the last
	roles   []lexicon.Role
	written []string // texts in other languages than English as their language writes them; "" else
	native  []bool   // whether a text is no English

	formIDs    []lexicon.ID // the base forms that texts have, sorted,
	formTexts  []int32      // the texts of each,
	formTextAt []int32      // where they begin, and the end of the last
}

// Marks of a key.
const (
	capital = 1 << iota // the pack writes it with a capital inside a sentence
	person              // of the name of somebody
	isTerm              // a word that tells something has it
)

// unknownWord is the number of a word that the base does not have.
const unknownWord = int32(-1)

// newVocabulary numbers the keys of all lists of words.
func newVocabulary(lists ...[][]parse.Word) *vocabulary {
	v := &vocabulary{ids: map[string]int32{}, textIDs: map[string]int32{}, from: []int32{0}}
	for _, l := range lists {
		for _, words := range l {
			for i := range words {
				if _, ok := v.ids[words[i].Key]; !ok {
					v.ids[words[i].Key] = 0
					v.keys = append(v.keys, words[i].Key)
				}
			}
		}
	}
	slices.Sort(v.keys)
	for i, k := range v.keys {
		v.ids[k] = int32(i)
	}
	v.marks, v.facts = make([]uint8, len(v.keys)), make([]int32, len(v.keys))
	return v
}

// id is the number of a key, or unknownWord.
func (v *vocabulary) id(key string) int32 {
	if id, ok := v.ids[key]; ok {
		return id
	}
	return unknownWord
}

func (v *vocabulary) has(id int32, trait uint8) bool {
	return id >= 0 && v.marks[id]&trait != 0
}

// isPerson reports whether a key is of the name of somebody.
func (v *vocabulary) isPerson(key string) bool { return v.has(v.id(key), person) }

// addText numbers a content word as it stands.
func (v *vocabulary) addText(w *parse.Word) int32 {
	id, ok := v.textIDs[w.Text]
	if !ok {
		id = int32(len(v.textIDs))
		v.textIDs[w.Text] = id
		v.texts = append(v.texts, w.Text)
		v.written, v.native = append(v.written, ""), append(v.native, false)
	}
	if !w.English() && v.written[id] == "" {
		v.written[id] = w.Own()
		v.native[id] = w.Native()
	}
	return id
}

// text is the number of a content word as it stands, or unknownWord.
func (v *vocabulary) text(text string) int32 {
	if id, ok := v.textIDs[text]; ok {
		return id
	}
	return unknownWord
}

// relate looks the base forms of all texts up.
func (v *vocabulary) relate(r *lexicon.Relations) {
	v.roles = make([]lexicon.Role, len(v.texts))
	v.from = slices.Grow(v.from, len(v.texts))
	for i, t := range v.texts {
		if !v.native[i] {
			v.forms = r.Forms(t, v.forms)
		}
		v.from = append(v.from, int32(len(v.forms)))
		v.roles[i] = r.RoleOf(v.formsOf(int32(i)))
	}
	v.turn()
}

// turn finds the texts of each base form.
func (v *vocabulary) turn() {
	type one struct {
		form lexicon.ID
		text int32
	}
	var all []one
	for t := range v.texts {
		for _, f := range v.formsOf(int32(t)) {
			all = append(all, one{f, int32(t)})
		}
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Or(cmp.Compare(a.form, b.form), cmp.Compare(a.text, b.text)) })
	for i, x := range all {
		if i == 0 || all[i-1].form != x.form {
			v.formIDs, v.formTextAt = append(v.formIDs, x.form), append(v.formTextAt, int32(i))
		}
		v.formTexts = append(v.formTexts, x.text)
	}
	v.formTextAt = append(v.formTextAt, int32(len(all)))
}

// textsOf are the texts that have a base form.
func (v *vocabulary) textsOf(form lexicon.ID) []int32 {
	i, ok := slices.BinarySearch(v.formIDs, form)
	if !ok {
		return nil
	}
	return v.formTexts[v.formTextAt[i]:v.formTextAt[i+1]]
}

func (v *vocabulary) formsOf(text int32) []lexicon.ID {
	return v.forms[v.from[text]:v.from[text+1]]
}

// family are the keys that may be of the family of one: those that begin as it does. They
// are the numbers from first to before end.
func (v *vocabulary) family(key string) (first, end int32) {
	beginning := key[:relatedMin]
	i := sort.SearchStrings(v.keys, beginning)
	j := i
	for j < len(v.keys) && len(v.keys[j]) >= relatedMin && v.keys[j][:relatedMin] == beginning {
		j++
	}
	return int32(i), int32(j)
}
