package dialog

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
	"footnote/knowledge/search"
	"footnote/knowledge/verify"
)

// A list is answered in each language by the place of a choice in it, in every way
// that its file has.
func TestChoicesInEachLanguage(t *testing.T) {
	v := newVocabulary(lang.All())
	for tag, l := range lang.All() {
		for number, names := range l.Choices {
			want, err := strconv.Atoi(number)
			if err != nil {
				want = -1
			}
			for _, name := range names {
				if n, ok := v.choiceNumber(strings.ToUpper(name) + "!"); !ok || n != want {
					t.Errorf("%s: %q is %d (%v), want %d", tag, name, n, ok, want)
				}
			}
		}
		for _, word := range l.BeforeNumbers {
			if n, ok := v.choiceNumber(word + " 2"); !ok || n != 2 {
				t.Errorf("%s: %q is %d (%v)", tag, word+" 2", n, ok)
			}
		}
	}
	for _, text := range []string{"№ 2", "№2", "n° 2", "2)", "die 2", "la 2", "el 2", "numéro 2", "Nr. 2", "номер 2"} {
		if n, ok := v.choiceNumber(text); !ok || n != 2 {
			t.Errorf("%q is %d (%v)", text, n, ok)
		}
	}
}

// Every text that the program names is there, and every one that is there is named.
func TestCatalogueKeys(t *testing.T) {
	en := lang.All()[lang.Default]
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			data, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			code.Write(data)
		}
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile(`"([a-z-]+(?:\.[a-z-]+)+|declined|unreadable|too-long|unknown-command)"`).FindAllStringSubmatch(code.String(), -1) {
		named[m[1]] = true
	}
	named["form.quote"], named["form.dash"] = true, true // which package lang writes
	named["page.asks"], named["page.how"] = true, true   // which the command phrasings writes
	for _, k := range smallTalkKinds {
		named["small."+k] = true
	}
	for _, s := range []string{"established", "attributed", "disputed", "citation-needed", "retracted"} {
		named["status."+s], named["status."+s+".note"] = true, true
	}
	for _, n := range []bot.NoticeKind{bot.NoticeLimit, bot.NoticeAway, bot.NoticeSkipped, bot.NoticeFault, bot.NoticeUncertain, bot.NoticeBusy, bot.NoticeStopped} {
		named["notice."+string(n)] = true
	}
	for tag := range lang.All() {
		named["foreign."+tag] = true
	}
	for _, o := range []verify.Outcome{verify.Says, verify.Said, verify.Altered} {
		named["verify."+string(o)] = true
	}
	for _, kind := range []knowledge.ChangeKind{knowledge.Added, knowledge.Corrected, knowledge.Withdrawn} {
		named["corrections."+string(kind)] = true
	}
	for _, key := range slices.Sorted(slices.Values(en.Keys())) {
		if !named[key] && !strings.HasPrefix(key, "why.reason.") && !strings.HasPrefix(key, "web.") { // which package web uses
			t.Errorf("%s is in the catalogue and nowhere used", key)
		}
	}
	for _, m := range regexp.MustCompile(`(?:Text|spans|block|fine|info|notice|add)\("([a-z.-]+[a-z])"`).FindAllStringSubmatch(code.String(), -1) {
		if !en.Has(m[1]) {
			t.Errorf("%s is used and not in the catalogue", m[1])
		}
	}
}

// In each language every form of small talk is found again.
func TestSmallForms(t *testing.T) {
	v := newVocabulary(lang.All())
	for tag, l := range lang.All() {
		for kind := range l.SmallTalk {
			if !slices.Contains(smallTalkKinds, kind) {
				t.Errorf("%s: no kind %q", tag, kind)
			}
		}
		for _, kind := range smallTalkKinds {
			forms := smallTalkForms(l, kind)
			if len(forms) == 0 && (kind != "more" || tag != lang.Default) { // which in English the matcher understands
				t.Errorf("%s: nothing of the kind %q", tag, kind)
			}
			for _, form := range forms {
				got := v.small[v.foldSmall(strings.ToUpper(form)+"!!")]
				of := slices.IndexFunc(got, func(f smallTalkForm) bool { return f.lang == tag })
				if of < 0 || got[of].kind != kind {
					t.Errorf("%s: %q is %q and %q", tag, form, kind, got)
				}
			}
		}
	}
}

// No question of the shipped pack's own examination is taken for small talk or
// for the number of a choice.
func TestSmallTalkSwallowsNoQuestion(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	v := newVocabulary(lang.All())
	n := 0
	for _, p := range base.Packs {
		for _, x := range p.Eval.Find {
			n++
			if f, ok := v.small[v.foldSmall(x.Question)]; ok {
				t.Errorf("%q is taken for small talk (%s)", x.Question, f)
			}
			if _, ok := v.choiceNumber(x.Question); ok {
				t.Errorf("%q is taken for a number", x.Question)
			}
		}
		for _, x := range p.Eval.Decline {
			if f, ok := v.small[v.foldSmall(x.Question)]; ok && (x.Kind == knowledge.NearMiss || x.Kind == knowledge.OtherHistory) {
				t.Errorf("%q is taken for small talk (%s)", x.Question, f)
			}
		}
	}
	if n == 0 {
		t.Error("the shipped pack has no examination")
	}
}

// Whatever decided a result, /why has words for it.
func TestEveryReasonHasWords(t *testing.T) {
	en := lang.All()[lang.Default]
	for _, reason := range strings.Fields("phrasing evidence close follow-up more untold empty unknown unlike doubt tentative name date number negation opposite " +
		"relation sister focus verb rest when where why how-many detail again succession who definition opinion superlative roles speaker") {
		if !en.Has("why.reason." + reason) {
			t.Errorf("there is no text for the reason %q", reason)
		}
	}
}

// Every name of a month with which the program writes a date is understood.
func TestMonths(t *testing.T) {
	v := newVocabulary(lang.All())
	for tag := range lang.All() {
		if !slices.Contains(edtf.Languages(), tag) {
			t.Errorf("dates are not written in %s", tag)
		}
		for _, m := range strings.Fields("01 02 03 04 05 06 07 08 09 10 11 12") {
			for _, date := range []edtf.Date{edtf.Date("2000-" + m), edtf.Date("2000-" + m + "-02")} {
				for _, w := range search.Words(date.In(tag), search.MaxWords) {
					if digits(w) == "" && !v.months[w] && !v.betweenDates[w] {
						t.Errorf("%s: %s has %q", tag, date.In(tag), w)
					}
				}
			}
		}
	}
	if v.months["de"] {
		t.Error("of is a month")
	}
}
