package dialog

import (
	"cmp"
	"math"
	"slices"

	"footnote/answers"
	"footnote/bot"
)

// leastShare is the share of the support from which a word is named: below it
// the list says nothing.
const leastShare = .05

// longestWord is how many characters of a word are shown.
const longestWord = 24

// maxWords is how many words are named.
const maxWords = 5

// whyLast explains the answer that the message is a reply to, or else the last result.
func (x *exchange) whyLast() bot.Reply {
	if f := x.repliedTo(); f != nil {
		return x.why(f.ID)
	}
	return x.why("")
}

// why explains the last result of this person in this chat, or else of the
// chat. wanted is the fact that a button asks about, empty for the last result
// whatever it was.
func (x *exchange) why(wanted string) bot.Reply {
	o, known := x.remembered(wanted)
	switch {
	case !known && x.m.Action != "":
		return x.notice("why.forgotten")
	case !known:
		return x.info("why.usage")
	}
	r := bot.Reply{Kind: bot.KindInfo, Private: true}
	if o.kind == "" {
		r.Blocks = append(r.Blocks, x.texts.block("why.picked"))
		return x.withOrigin(r, o)
	}
	w := reasons{x, &r}
	for _, repair := range o.why.Repairs {
		w.add("why.repair", "from", repair.From, "to", repair.To)
	}
	if o.follow {
		w.add("why.follow")
	}
	switch o.kind {
	case answers.Answered:
		w.answered(o)
	case answers.Choices:
		w.add("why.choices")
		x.nearest(&r, "why.candidate", o.offered)
		x.words(&r, o.why.Words)
		w.reason(o)
	default:
		w.declined(o)
	}
	return x.withOrigin(r, o)
}

// remembered returns the last result that is to be explained, if it is still known.
func (x *exchange) remembered(wanted string) (explanation, bool) {
	for _, key := range memoryKeys(x.m) {
		t, _ := x.d.memory.Get(key)
		for _, o := range slices.Backward(append(slices.Clone(t.before), t.explained)) {
			if x.wants(o, wanted) {
				return o, true
			}
		}
	}
	return explanation{}, false
}

// reasons writes out an explanation. Which of the four ways to reply it was comes first.
type reasons struct {
	x *exchange
	r *bot.Reply
}

func (w reasons) add(key string, args ...string) {
	w.r.Blocks = append(w.r.Blocks, w.x.texts.block(key, args...))
}

// reason adds the matcher's reason, where there is more to say than the way to reply.
func (w reasons) reason(o explanation) {
	if key := "why.reason." + string(o.why.Reason); w.x.texts.Has(key) {
		w.add(key)
	}
}

// missing names the words that no fact has.
func (w reasons) missing(key string, o explanation) {
	if len(o.why.Missing) > 0 {
		w.add(key, "words", w.x.quotedList(o.why.Missing))
	}
}

// answered explains an answer, sure or not.
func (w reasons) answered(o explanation) {
	switch {
	case o.inherits:
		w.add("why.unsure-before")
	case o.tentative:
		w.add("why.perhaps")
	case !o.follow: // which says by itself why that fact
		w.add("why.sure")
	}
	if len(o.near) > 0 {
		w.add("why.phrasing", "phrasing", cmp.Or(o.why.Phrasing, o.near[0].question))
	}
	w.x.words(w.r, o.why.Words)
	switch {
	case len(o.near) > 1:
		w.add("why.runner-up", "confidence", w.x.percent(o.near[0].confidence), "question", w.x.questionOf(o.near[1]), "next", w.x.percent(o.near[1].confidence))
	case len(o.near) == 1:
		w.add("why.confidence", "confidence", w.x.percent(o.near[0].confidence))
	}
	w.reason(o)
	if o.tentative {
		w.missing("why.lacks", o)
	}
}

// declined explains an honest "no sourced answer".
func (w reasons) declined(o explanation) {
	w.add("why.declined")
	w.reason(o)
	w.missing("why.missing", o)
	if len(o.offered) > 0 {
		w.add("why.offered")
		w.x.nearest(w.r, "why.candidate", o.offered)
		return
	}
	w.add("why.silent")
	if len(o.near) > 0 && hundredths(o.near[0].confidence) > 0 { // what is 0 % likely is not close
		w.x.nearest(w.r, "why.near", o.near[:1])
	}
}

// wants reports whether o is what is to be explained.
func (x *exchange) wants(o explanation, wanted string) bool {
	switch {
	case o.kind == "" && o.fact == "" || x.d.c.Now().Sub(o.at) >= x.d.c.bounds.recall:
		return false
	case wanted == "" && x.m.Action != "":
		return o.kind == answers.Declined // the button stands under a refusal
	}
	return wanted == "" || o.fact == wanted
}

// withOrigin adds the fine print: which fact it is, and that the same question on the
// same pack has the same answer, unless it goes on from the answer before.
func (x *exchange) withOrigin(r bot.Reply, o explanation) bot.Reply {
	if !o.follow && o.why.Reason != answers.ReasonUntold {
		r.Blocks = append(r.Blocks, x.texts.fine("why.same"))
	}
	if f := x.packs.byID[o.fact]; f != nil {
		r.Blocks = append(r.Blocks, x.origin(f))
	}
	return r
}

// words names the words that carried the result.
func (x *exchange) words(r *bot.Reply, words []answers.Word) {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b answers.Word) int { return cmp.Compare(b.Share, a.Share) })
	var spans []bot.Span
	for _, w := range words[:min(len(words), maxWords)] {
		if w.Share < leastShare {
			break
		}
		if len(spans) > 0 {
			spans = append(spans, bot.Span{Text: ", "})
		}
		spans = append(spans, bot.Span{Text: w.Text, Style: bot.Bold}, bot.Span{Text: "\u00a0" + x.percent(w.Share)})
	}
	if len(spans) > 0 {
		r.Blocks = append(r.Blocks, bot.Block{Spans: append(x.texts.spans("why.words"), append([]bot.Span{{Text: " "}}, spans...)...)})
	}
}

// nearest lists what came closest with its confidence.
func (x *exchange) nearest(r *bot.Reply, key string, all []near) {
	for _, n := range all {
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Spans: x.texts.spans(key, "question", x.questionOf(n), "confidence", x.percent(n.confidence))})
	}
}

// questionOf is how the fact is listed, or the phrasing if it is gone.
func (x *exchange) questionOf(n near) string {
	if f := x.packs.byID[n.fact]; f != nil {
		return x.canonical(f)
	}
	return n.question
}

func (x *exchange) percent(p float64) string {
	return x.texts.Text("form.percent", "n", itoa(hundredths(p)))
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
func (x *exchange) quotedList(words []string) string {
	s := ""
	for i, w := range words[:min(len(words), maxWords)] {
		if i > 0 {
			s += ", "
		}
		s += x.texts.Quote(bot.Shorten(w, longestWord))
	}
	return s
}
