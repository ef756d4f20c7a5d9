package answers

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"footnote/knowledge"
)

// labelBase is a set of labels of invented requests, without answers.
func labelBase(ids ...string) *knowledge.Base {
	pack := &knowledge.Pack{ID: "labels", Languages: []string{"en"}}
	ways := [][]string{
		{"switch the lamp off", "no more light please", "make the room dark"},
		{"put the kettle on", "i would like hot water", "boil some water"},
		{"where is my parcel", "has the package been sent", "track the delivery"},
		{"close my account", "i want to leave your bank", "end my contract"},
	}
	for i, w := range ways {
		f := &knowledge.Fact{ID: ids[i], Pack: pack, Status: knowledge.Established}
		for _, t := range w {
			f.Questions = append(f.Questions, knowledge.Phrasing{Lang: "en", Text: t})
		}
		pack.Facts = append(pack.Facts, f)
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{pack}}
}

func TestLabelNames(t *testing.T) {
	ix := newIndex(labelBase("lamp_off", "kettle", "parcel", "account"))
	for id, want := range map[string]string{
		"lamp_off": "lamp off?", "closeAccount": "close account?", "card-arrival.late": "card arrival late?",
		"q17": "", "a_1": "", "0042": "", "xqzv": "", "": "",
	} {
		if got := ix.labelName(id); got != want {
			t.Errorf("labelName(%q) = %q, want %q", id, got, want)
		}
	}
}

// A label is found in words that no phrasing has, also where no word tells anything; what is like
// none is less sure, nothing is said with doubt, and the name of a label helps to find it.
func TestLabels(t *testing.T) {
	named, err := New(t.Context(), labelBase("lamp_off", "kettle_on", "parcel_tracking", "account_closing"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"darkness please": "lamp_off", "some tea would be nice, heat water": "kettle_on", "when does my shipment come?": "parcel_tracking",
		"i do not want to be your customer any longer": "account_closing", "parcel tracking": "parcel_tracking",
	} {
		r := named.Match(Query{Text: question})
		if len(r.Candidates) == 0 || r.Candidates[0].Fact.ID != want {
			t.Errorf("%q: want %s first, got %+v", question, want, r.Candidates)
		}
		if r.Tentative {
			t.Errorf("%q is answered with doubt", question)
		}
	}
	far := named.Match(Query{Text: "who was the first king of the northern isles?"}).Candidates[0].Confidence
	near := named.Match(Query{Text: "when does my shipment come?"}).Candidates[0].Confidence
	if far >= near {
		t.Errorf("a far question has confidence %.2f, one that a label answers %.2f", far, near)
	}
	if r := named.Match(Query{Text: "what is it then"}); len(r.Candidates) == 0 {
		t.Error("a question without a telling word is compared with no label")
	}
	coded, err := New(t.Context(), labelBase("q1", "q2", "q3", "q4"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	with, without := named.Match(Query{Text: "closing of it all"}), coded.Match(Query{Text: "closing of it all"})
	if with.Candidates[0].Confidence <= without.Candidates[0].Confidence {
		t.Errorf("with its name %.3f, without %.3f", with.Candidates[0].Confidence, without.Candidates[0].Confidence)
	}
}

// What the classifier says of a phrasing as if it were not there is near to what one says that
// never saw it.
func TestHeldOutPhrasingsAreHonest(t *testing.T) {
	const facts, each = 6, 5
	rng := rand.New(rand.NewPCG(1, 2))
	rows, names := newTable(facts*each), newTable(facts)
	var owner []int32
	for f := range facts {
		centre := make([]float32, dims)
		for i := range centre {
			centre[i] = float32(rng.NormFloat64())
		}
		for range each {
			v := slices.Clone(centre)
			for i := range v {
				v[i] += float32(1.5 * rng.NormFloat64())
			}
			unit(v)
			rows.put(len(owner), record(textKey{}, v)[keySize+4:][:dims])
			owner = append(owner, int32(f))
		}
	}
	learn := func(rows *table, owner []int32) *classifier {
		c := &classifier{mean: make([]float32, dims)}
		c.labels = newLabelClassifier(c, &meaning{phrasings: *rows, names: names}, owner, facts)
		return c
	}
	all := learn(&rows, owner)
	if n := len(all.labels.held); n != 2*len(owner) {
		t.Fatalf("%d are held out", n)
	}
	held, seen, without := make([]float32, facts), make([]float32, facts), make([]float32, facts)
	for i := range owner {
		all.logits(rows.row(i), seen)
		all.logitsWithout(rows.row(i), &rows, held, owner[i], 0, 0, int32(i))
		var left []int32
		for j := range owner {
			if j != i {
				left = append(left, int32(j))
			}
		}
		remaining := rows.chosen(left, &table{})
		others := learn(&remaining, slices.Delete(slices.Clone(owner), i, i+1))
		others.logits(rows.row(i), without)
		for f := range facts {
			if d := math.Abs(float64(held[f] - without[f])); d > .3 {
				t.Errorf("phrasing %d, label %d: held out %.2f, learned without it %.2f", i, f, held[f], without[f])
			}
		}
		if seen[owner[i]]-held[owner[i]] < .5 {
			t.Errorf("phrasing %d: its own label has %.2f and, held out, %.2f", i, seen[owner[i]], held[owner[i]])
		}
	}
}

func TestStretch(t *testing.T) {
	var z, w []float64
	var y []bool
	for i := range 40 * 21 {
		x := float64(i%21-10) / 4
		z, w = append(z, x), append(w, 1)
		y = append(y, (float64(i/21)+.5)/40 < sigmoid(2*x-1))
	}
	if a, b := stretch(z, y, w, 0); math.Abs(a-2) > .3 || math.Abs(b+1) > .3 {
		t.Errorf("a %.2f b %.2f, want 2 and -1", a, b)
	}
	if a, b := stretch(z, y, w, 1e6); math.Abs(a-1) > .01 || math.Abs(b) > .01 {
		t.Errorf("held by its prior: a %.2f b %.2f, want 1 and 0", a, b)
	}
}
