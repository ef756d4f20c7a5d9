package bot

import (
	"math"
	"slices"

	"footnote/answers"
)

// leastShare is the share of the support from which a word is named: below it
// the list says nothing.
const leastShare = .05

// longestWord is how many characters of a word are shown.
const longestWord = 24

// maxWords is how many words are named.
const maxWords = 5

// whyLast explains the answer that the message is a reply to, or else the last result.
func (k *talk) whyLast() Reply {
	if f := k.replied(); f != nil {
		return k.why(f.ID)
	}
	return k.why("")
}

// why explains the last result of this person in this chat, or else of the
// chat. wanted is the fact that a button asks about, empty for the last result
// whatever it was.
func (k *talk) why(wanted string) Reply {
	var o outcome
	known := false
	for _, key := range keys(k.m) {
		t, _ := k.bot.memory.Get(key)
		all := append(slices.Clone(t.before), t.result)
		i := len(all) - 1
		for i >= 0 && !k.explains(all[i], wanted) {
			i--
		}
		if i >= 0 {
			o, known = all[i], true
			break
		}
	}
	switch {
	case !known && k.m.Action != "":
		return k.notice("why.forgotten")
	case !known:
		return k.info("why.usage")
	}
	r := Reply{Kind: KindInfo, Private: true}
	add := func(key string, args ...string) { r.Blocks = append(r.Blocks, k.t.block(key, args...)) }
	if o.kind == "" {
		add("why.picked")
		return k.signed(r, o)
	}
	for _, x := range o.why.Repairs {
		add("why.repair", "from", x.From, "to", x.To)
	}
	if o.follow {
		add("why.follow")
	}
	reason := func() {
		if key := "why.reason." + string(o.why.Reason); k.t.Has(key) {
			add(key)
		}
	}
	missing := func(key string) {
		if len(o.why.Missing) > 0 {
			add(key, "words", k.quotedList(o.why.Missing))
		}
	}
	// Which of the four ways to reply it was comes first.
	switch o.kind {
	case answers.Answered:
		switch {
		case o.inherits:
			add("why.unsure-before")
		case o.tentative:
			add("why.perhaps")
		case !o.follow: // which says by itself why that fact
			add("why.sure")
		}
		if len(o.near) > 0 {
			add("why.phrasing", "phrasing", firstOf(o.why.Phrasing, o.near[0].question))
		}
		k.words(&r, o.why.Words)
		switch {
		case len(o.near) > 1:
			add("why.runner-up", "confidence", k.percent(o.near[0].confidence), "question", k.questionOf(o.near[1]), "next", k.percent(o.near[1].confidence))
		case len(o.near) == 1:
			add("why.confidence", "confidence", k.percent(o.near[0].confidence))
		}
		reason()
		if o.tentative {
			missing("why.lacks")
		}
	case answers.Choices:
		add("why.choices")
		k.nearest(&r, "why.candidate", o.offered)
		k.words(&r, o.why.Words)
		reason()
	default:
		add("why.declined")
		reason()
		missing("why.missing")
		if len(o.offered) > 0 {
			add("why.offered")
			k.nearest(&r, "why.candidate", o.offered)
			break
		}
		add("why.silent")
		if len(o.near) > 0 && hundredths(o.near[0].confidence) > 0 { // what is 0 % likely is not close
			k.nearest(&r, "why.near", o.near[:1])
		}
	}
	return k.signed(r, o)
}

// explains reports whether o is what is to be explained.
func (k *talk) explains(o outcome, wanted string) bool {
	switch {
	case o.kind == "" && o.fact == "" || k.bot.c.Now().Sub(o.at) >= k.bot.c.Recall:
		return false
	case wanted == "" && k.m.Action != "":
		return o.kind == answers.Declined // the button stands under a refusal
	}
	return wanted == "" || o.fact == wanted
}

// signed adds the fine print: which fact, and that the same question on the
// same pack has the same answer, which what goes on from the previous answer has not.
func (k *talk) signed(r Reply, o outcome) Reply {
	if !o.follow && o.why.Reason != answers.ReasonUntold {
		r.Blocks = append(r.Blocks, k.t.fine("why.same"))
	}
	if f := k.snap.byID[o.fact]; f != nil {
		r.Blocks = append(r.Blocks, k.origin(f))
	}
	return r
}

// words names the words that carried the result.
func (k *talk) words(r *Reply, words []answers.Word) {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b answers.Word) int {
		switch {
		case a.Share > b.Share:
			return -1
		case a.Share < b.Share:
			return 1
		}
		return 0
	})
	var spans []Span
	for _, w := range words[:min(len(words), maxWords)] {
		if w.Share < leastShare {
			break
		}
		if len(spans) > 0 {
			spans = append(spans, Span{Text: ", "})
		}
		spans = append(spans, Span{Text: w.Text, Style: Bold}, Span{Text: "\u00a0" + k.percent(w.Share)})
	}
	if len(spans) > 0 {
		r.Blocks = append(r.Blocks, Block{Spans: append(k.t.spans("why.words"), append([]Span{{Text: " "}}, spans...)...)})
	}
}

// nearest lists what came closest with its confidence.
func (k *talk) nearest(r *Reply, key string, all []near) {
	for _, x := range all {
		r.Blocks = append(r.Blocks, Block{Kind: Item, Spans: k.t.spans(key, "question", k.questionOf(x), "confidence", k.percent(x.confidence))})
	}
}

// questionOf is how the fact is listed, or the phrasing if it is gone.
func (k *talk) questionOf(x near) string {
	if f := k.snap.byID[x.fact]; f != nil {
		return k.canonical(f)
	}
	return x.question
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (k *talk) percent(x float64) string {
	return k.t.Text("form.percent", "n", itoa(hundredths(x)))
}

// hundredths is x in hundredths, rounded. Nothing here is certain, so 1 is shown only
// for what is exactly that.
func hundredths(x float64) int {
	n := int(math.Round(x * 100))
	if n == 100 && x < 1 {
		return 99
	}
	return n
}

// quotedList writes words as “a”, “b”, in the marks of the person's language.
func (k *talk) quotedList(words []string) string {
	s := ""
	for i, w := range words[:min(len(words), maxWords)] {
		if i > 0 {
			s += ", "
		}
		s += k.t.Quote(Shorten(w, longestWord))
	}
	return s
}
