package bottest

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/lang"
	"footnote/bot/reports"
	"footnote/bot/store"
)

// walks goes from one thing to the next: a day, two people, what is near, all that
// there is of a name.
func (p *play) walks() {
	p.chapter("on this day, side by side, and on from there")
	p.command("onthisday", "1 March")
	p.states(p.d.Base().Fact("lighthouse-lit"))
	p.command("onthisday", "03-02")
	p.command("onthisday", "the day of the fire")
	p.command("compare", "Marta Holt | Ivar Dahl")
	p.press(0)
	p.command("compare", "Marta Holt")
	p.command("compare", "Marta Holt | volcanoes")
	p.command("ask", "When was the harbour built?")
	p.command("related", "")
	p.press(2)
	p.command("related", "toll")
	p.command("ask", lang.All()[p.lang].MoreAbout[0]+" Marta Holt")
	p.press(0)
}

// proofs asks whether what is quoted is what the pack says.
func (p *play) proofs() {
	const said, other = "1 March 1712", "2 March 1713"
	p.chapter("did the bot say this?")
	p.command("ask", "When was the lighthouse lit?")
	answer := visible(p.last.Text)
	p.command("verify", answer)
	p.command("verify", strings.ReplaceAll(answer, said, other))
	p.command("verify", p.d.Base().Fact("harbour-burned").Hash())
	p.command("verify", "The harbour was built between 1701 and 1704; its first mole is of 1650 and was never finished.") // in version 0.3.0
	p.command("verify", "harbour-chapel@0.3.0")                                                                           // of which nothing is said any more
	p.command("verify", "The moon is made of cheese.")
	p.command("verify", "")
}

// quizzes plays quizzes where no scores are counted.
func (p *play) quizzes() {
	p.chapter("a quiz")
	p.command("quiz", "")
	p.answerQuiz()
	p.press(len(p.last.Buttons) - 1) // another question
	p.answerQuiz()
	p.do(Said{How: Command, Command: "quiz", Text: "people 2"}, 2)
	p.command("ask", "1")
	p.command("ask", "2")
	p.command("quiz", "the market")
	p.command("quiz", "volcanoes")
}

// answerQuiz answers the question that was shown last, wrong and right. Of a poll the bot
// hears nothing, and the button beside it gives the fact.
func (p *play) answerQuiz() {
	p.t.Helper()
	question := p.last
	if question.Poll {
		p.pressAt(question, 0)
		p.last = question
		return
	}
	var right, wrong bool
	for i := range question.Buttons {
		if right && wrong {
			break
		}
		p.pressAt(question, i)
		switch text := visible(p.last.Text); {
		case strings.HasPrefix(text, visible(p.words("quiz.right"))):
			right = true
		case strings.HasPrefix(text, visible(p.words("quiz.wrong"))):
			wrong = true
		default:
			p.t.Errorf("%s: %q is no mark", p.lang, text)
		}
	}
	if !right || !wrong {
		p.t.Errorf("%s: of %q none is right, or none is wrong", p.lang, question.Buttons)
	}
}

// words is a text of the interface.
func (p *play) words(key string) string { return lang.All()[p.lang].Text(key) }

// looks chooses how pictures and answers look.
func (p *play) looks() {
	p.chapter("how it looks")
	p.command("settings", "pictures dark")
	p.command("timeline", "building")
	p.command("settings", "pictures light")
	if _, ok := p.s.adapter.(bot.RichAdapter); !ok {
		return
	}
	p.command("settings", "layout rich")
	p.command("ask", "Who burned the harbour?")
	p.press(len(p.last.Buttons) - 1) // side by side
	p.command("settings", "layout plain")
}

// Of the place of the curators, and of the clock where a fact is posted each day.
const (
	curators = "#curators"
	curator  = "carla"
)

var daybreak = time.Date(2031, time.March, 1, 8, 0, 30, 0, time.UTC)

// open is a configuration where people can come back: with a place of the curators, which is to
// be filled in when there is a platform, their desk, a fact a day and scores.
func open() (Config, []bot.Place, *reports.Box) {
	places := make([]bot.Place, 1)
	kept := store.Memory()
	box := reports.New(kept.In, true, func() time.Time { return daybreak })
	return Config{
		Now: func() time.Time { return daybreak },
		InDialog: func(d *dialog.Config) {
			d.Curators, d.Reports, d.Daily, d.Scores = places, box, kept.In("daily"), kept.In("scores")
		},
		InDelivery: func(d *bot.Config) { d.Now = nil }, // what is said is said now
	}, places, box
}

// draws makes quizzes the same in every language.
func draws() func(bot.Message) *rand.Rand {
	var mu sync.Mutex
	drawn := map[string]uint64{}
	return func(m bot.Message) *rand.Rand {
		mu.Lock()
		defer mu.Unlock()
		drawn[m.From.Lang]++
		return rand.New(rand.NewPCG(1, drawn[m.From.Lang]))
	}
}

// openTalk is the conversation where people can come back.
func (p *play) openTalk(box *reports.Box) {
	p.chapter("an operator who lets people come back")
	p.command("privacy", "")
	p.command("onthisday", "")
	p.scores()
	p.reports()
	p.atDesk(box)
	p.daily()
}

// scores counts what somebody knows.
func (p *play) scores() {
	p.command("quiz", "score")
	p.command("settings", "scores on")
	p.command("quiz", "")
	p.answerQuiz()
	p.command("quiz", "score")
}

// reports goes to the curators, and back.
func (p *play) reports() {
	p.chapter("a report, and the curators' answer")
	driver := p.s.driver
	driver.Admin(p.t, curator, curators, true)
	p.do(Said{Who: curator, In: curators, How: Command, Command: "settings", Text: "language " + p.lang})
	p.command("forget", "") // then it is a question, and of no fact
	p.report("Who painted the lighthouse?")
	report := p.curatorsSay("Nobody knows yet.")
	p.do(Said{Who: curator, In: curators, How: Reply, Of: report.Text, Text: "And once more."})
	p.command("ask", "When was the lighthouse lit?")
	p.command("source", "")
	const wrong = "It was a year later, see Okafor, p. 99."
	p.fillIn(p.last, p.words("button.report"), wrong)
	p.curatorsSay("Thank you. Okafor dates it by the old calendar; we add a note.")
}

// atDesk asks what is answered at the desk.
func (p *play) atDesk(box *reports.Box) {
	p.chapter("a question that the curators answer at their desk")
	p.command("forget", "")
	p.report("Who gave the land for the harbour?")
	said, err := box.Said(p.t.Context())
	if err != nil || len(said) != 1 {
		p.t.Fatalf("%s: at the desk is %+v, %v", p.lang, said, err)
	}
	p.aside("at the desk", []string{said[0].Text})
	const answer = "The town itself; see Lind, p. 12."
	p.out.WriteString("\n(the desk's answer: " + answer + ")\n")
	if err := box.Answer(p.t.Context(), said[0].Code, answer); err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var minding sync.WaitGroup
	minding.Go(func() { p.d.MindReports(ctx, func() bool { return true }) })
	p.reply()
	cancel()
	minding.Wait()
}

// curatorsSay answers the report that was shown last but one.
func (p *play) curatorsSay(text string) (report Shown) {
	all := p.s.shown(*p.n)
	report = all[len(all)-2]
	if report.In != curators {
		p.t.Errorf("%s: the report is in %q: %q", p.lang, report.In, report.Text)
	}
	p.do(Said{Who: curator, In: curators, How: Reply, Of: report.Text, Text: text}, 2)
	return report
}

// fillIn presses a button that asks for a text, and gives that: in the form, or after /report
// where there are no forms.
func (p *play) fillIn(x Shown, label, text string) {
	p.t.Helper()
	f, ok := p.s.driver.(Formed)
	if !ok {
		p.pressAt(x, slices.Index(x.Buttons, label))
		p.do(Said{How: Command, Command: "report", Text: text}, 2)
		return
	}
	p.out.WriteString("\n" + p.who + "> [ " + label + " ]\n")
	p.inForm(f.FillIn(p.t, p.who, x, p.s.driver.Press(p.t, p.who, x, label), text), text)
}

// report is /report without a text, which asks for one.
func (p *play) report(text string) {
	p.t.Helper()
	f, ok := p.s.driver.(Formed)
	if !ok {
		p.command("report", "")
		p.do(Said{How: Command, Command: "report", Text: text}, 2)
		return
	}
	p.out.WriteString("\n" + p.who + "> /report\n")
	asked := p.s.driver.Say(p.t, Said{Who: p.who, Lang: p.lang, How: Command, Command: "report"})
	p.inForm(f.FillIn(p.t, p.who, Shown{}, asked, text), text)
}

// inForm writes a form down, and the two replies to what was written in it.
func (p *play) inForm(form []string, text string) {
	p.aside("a form", form)
	p.out.WriteString("\n" + p.who + "> (in the form) " + text + "\n")
	p.reply(2)
}

// daily has a place get a fact a day.
func (p *play) daily() {
	in := "#square-" + p.lang
	p.chapter("a fact a day")
	settings := func(text string) { p.do(Said{In: in, How: Command, Command: "settings", Text: text}) }
	settings("daily 09:00 Europe/Berlin")
	p.s.driver.Admin(p.t, p.who, in, true)
	settings("daily")
	settings("daily 09:00 Atlantis")
	settings("daily 09:00 Europe/Berlin")

	p.out.WriteString("\n(09:00 in Berlin, on 1 March)\n")
	ctx, cancel := context.WithCancel(context.Background())
	var posting sync.WaitGroup
	posting.Go(func() { p.d.PostDaily(ctx, func() bool { return true }, p.b.Post) })
	p.reply()
	cancel()
	posting.Wait()
	settings("")
	settings("daily off")
}
