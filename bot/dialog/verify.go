package dialog

import (
	"strings"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
	"footnote/knowledge/verify"
)

const (
	maxThen    = 400 // characters of an earlier text that are shown beside that of today
	maxForeign = 3   // lines that are shown of what the packs do not say
)

// verify says whether what somebody quotes is what the packs say, or said in an earlier version,
// and what has changed since.
func (x *exchange) verify(text string) bot.Reply {
	if text == "" {
		return x.info("verify.usage")
	}
	v := verify.Of(x.packs.base, text, x.interfaceTexts())
	if v.Outcome == verify.Unknown {
		return x.info("verify.unknown")
	}
	head := []string{"pack", x.localized(v.Pack, v.Pack.Title), "version", v.Then.Version}
	if v.Fact == nil {
		return x.info("verify.gone", head...)
	}
	if v.Outcome == verify.Says {
		head[3] = v.Pack.Version
	}
	c, err := x.packs.cite(v.Fact)
	if err != nil {
		x.d.c.Log.Error("a fact cannot be stated", "error", err)
		return x.fault()
	}
	r := bot.Reply{Kind: bot.KindAnswer, Private: true, Blocks: []bot.Block{x.texts.block("verify."+string(v.Outcome), head...)}}
	for _, line := range v.Foreign[:min(len(v.Foreign), maxForeign)] {
		r.Blocks = append(r.Blocks, bot.Block{Trim: true, Spans: x.texts.spans("verify.foreign", "words", x.texts.Quote(bot.Shorten(line, maxThen)))})
	}
	if v.Outcome == verify.Said {
		r.Blocks = append(r.Blocks, x.changesSince(v.Changes)...)
	}
	blocks := x.stated(c, manner{})
	blocks[0].Gap = true
	r.Blocks = append(append(r.Blocks, blocks...), x.proof(v.Fact))
	return r
}

// changesSince shows what a fact said then beside what it says now.
func (x *exchange) changesSince(changes []verify.Change) []bot.Block {
	var all []bot.Block
	for _, c := range changes {
		switch c.Label {
		case "status":
			c.Was, c.Is = x.texts.Text("status."+c.Was), x.texts.Text("status."+c.Is)
		case "dates":
			c.Was, c.Is = x.datesOf(c.Was), x.datesOf(c.Is)
		}
		all = append(all,
			bot.Block{Kind: bot.Item, Trim: true, Spans: x.texts.spans("verify.then", "text", orDash(c.Was))},
			bot.Block{Kind: bot.Item, Trim: true, Spans: x.texts.spans("verify.now", "text", orDash(c.Is))})
	}
	return all
}

// datesOf writes dates in EDTF, with commas between them, for people.
func (x *exchange) datesOf(all string) string {
	dates := strings.Split(all, ", ")
	for i, d := range dates {
		dates[i] = edtf.Date(d).In(x.texts.Tag)
	}
	return strings.Join(dates, ", ")
}

// orDash is s, as far as there is room for it.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return bot.Shorten(s, maxThen)
}

// interfaceTexts are what the bot says around answers, in every language: who copies a whole
// message has copied them too.
func (x *exchange) interfaceTexts() []string {
	var all []string
	for _, l := range x.d.languages {
		for _, key := range l.Keys() {
			all = append(all, l.Text(key))
		}
	}
	return all
}

// proof is the fine print under the sources of a fact: the version that says so, and the hash by
// which it can be verified.
func (x *exchange) proof(f *knowledge.Fact) bot.Block {
	b := x.origin(f)
	if f.Pack != nil {
		b.Spans[0].Text = f.ID + versionMark + f.Pack.Version + originMark + f.Pack.ID + originMark + f.Hash()
	}
	return b
}

// versionMark stands between a fact's id and the version in proof.
const versionMark = "@"
