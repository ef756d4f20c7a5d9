package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"footnote/answers"
	"footnote/knowledge"
	"footnote/knowledge/splice"
)

func queryEscape(s string) string { return url.QueryEscape(s) }

// An exam is a run of a pack's examination. It goes on beside the pages and can be stopped.
type exam struct {
	stop context.CancelFunc

	mu      sync.Mutex
	running bool
	hash    string // of the pack that it examines
	done    int
	total   int
	right   int
	misses  []missed
	problem string
}

// A missed question was not treated as the examination demands.
type missed struct {
	Question, Want, Got, Fact string
	Line                      int
}

// An examView is an exam as a page shows it.
type examView struct {
	There, Running, Old bool
	Done, Total, Right  int
	Misses              []missed
	Problem             string
	Facts               []choice
	Kinds               []string
	Has                 bool // the pack has questions to be examined with
}

// view returns how the exam stands.
func (v *visit) examView(s *state) examView {
	out := examView{Kinds: []string{"near-miss", "other-history", "small-talk", "noise", "hostile"}}
	if s.loaded != nil {
		out.Has = len(s.loaded.Eval.Find)+len(s.loaded.Eval.Decline) > 0
		for _, f := range s.loaded.Facts {
			out.Facts = append(out.Facts, choice{ID: f.ID, Name: f.Canonical(s.languages()[0])})
		}
	}
	v.p.mu.Lock()
	job := v.p.job
	v.p.mu.Unlock()
	if job == nil {
		return out
	}
	job.mu.Lock()
	defer job.mu.Unlock()
	out.There, out.Running, out.Done, out.Total, out.Right, out.Problem = true, job.running, job.done, job.total, job.right, job.problem
	out.Misses, out.Old = slices.Clone(job.misses), job.hash != s.hash
	return out
}

// exam shows the examination.
func (v *visit) exam() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	if v.r.URL.Query().Get("part") != "" {
		return v.fragment("examined", map[string]any{"Exam": v.examView(s), "Base": v.p.url("")})
	}
	return v.show(http.StatusOK, "exam", "Examination", v.examView(s))
}

// startExam begins to ask every question of eval.yaml.
func (v *visit) startExam() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	if s.loaded == nil {
		return refuse(http.StatusConflict, "The pack can be examined once no file holds an error.")
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(v.r.Context()))
	job := &exam{stop: cancel, running: true, hash: s.hash, total: len(s.loaded.Eval.Find) + len(s.loaded.Eval.Decline)}
	v.p.mu.Lock()
	before := v.p.job
	v.p.job = job
	v.p.mu.Unlock()
	if before != nil {
		before.stop()
	}
	v.jobs.Go(func() {
		defer cancel()
		v.examine(ctx, s, job)
	})
	return v.done("", "exam")
}

// examine asks the questions until ctx ends.
func (v *visit) examine(ctx context.Context, s *state, job *exam) {
	m, err := v.learnedMatcher(ctx, s)
	defer func() {
		job.mu.Lock()
		job.running = false
		job.mu.Unlock()
	}()
	if err != nil {
		job.mu.Lock()
		defer job.mu.Unlock()
		if job.problem = err.Error(); ctx.Err() != nil {
			job.problem = ""
		}
		return
	}
	ask := func(question string, facts []string, want string, at knowledge.Place) {
		got := m.Match(answers.Query{Text: question})
		right := v.c.Correct(got, facts)
		job.mu.Lock()
		defer job.mu.Unlock()
		job.done++
		if right {
			job.right++
			return
		}
		x := missed{Question: question, Want: want, Line: at.Line}
		var view askView
		view.tell(got)
		x.Got = view.Outcome
		if len(got.Candidates) > 0 {
			x.Fact = got.Candidates[0].Fact.ID
		}
		job.misses = append(job.misses, x)
	}
	for _, c := range s.loaded.Eval.Find {
		if ctx.Err() != nil {
			return
		}
		ask(c.Question, c.Facts, "should find "+c.Facts[0], c.Place)
	}
	for _, c := range s.loaded.Eval.Decline {
		if ctx.Err() != nil {
			return
		}
		ask(c.Question, nil, "should be declined ("+string(c.Kind)+")", c.Place)
	}
}

// stopExam stops it where it is.
func (v *visit) stopExam() error {
	v.p.stopJob()
	return v.done("stopped", "exam")
}

// stopJob stops the examination of a pack, if one runs.
func (p *pack) stopJob() {
	p.mu.Lock()
	job := p.job
	p.mu.Unlock()
	if job != nil {
		job.stop()
	}
}

// newEval is an eval.yaml with nothing in it yet.
const newEval = "# Questions to examine the pack with. None of them is a question of its facts.\nfind: {}\n"

// addExam adds a question to eval.yaml.
func (v *visit) addExam() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	q, to := oneLine(v.r.PostForm.Get("question")), v.r.PostForm.Get("to")
	if q == "" {
		return refuse(http.StatusBadRequest, "Write the question first.")
	}
	if s.loaded != nil {
		for _, f := range s.loaded.Facts {
			if slices.ContainsFunc(f.Questions, func(p knowledge.Phrasing) bool { return knowledge.QuestionKey(p.Text) == knowledge.QuestionKey(q) }) {
				return refuse(http.StatusConflict, "This is a question of %s already. A question that the pack holds proves nothing; ask in other words.", f.ID)
			}
		}
	}
	data := s.files["eval.yaml"]
	if data == nil {
		data = []byte(newEval)
	}
	path := splice.Path{"decline", to}
	if s.fact(to) != nil {
		path = splice.Path{"find", to}
	}
	group, _ := s.eval.Get(path[0].(string)).(splice.Object)
	if list := listOf(group.Get(to)); len(list) > 0 {
		data, err = splice.Insert(data, path, -1, q)
	} else {
		data, err = splice.Set(data, path, []any{q})
	}
	if err != nil {
		return refuse(http.StatusConflict, "eval.yaml cannot be written: %v", err)
	}
	next := s.with(map[string][]byte{"eval.yaml": data}, v.c.Now())
	if s.loaded != nil && next.loaded == nil {
		return refuse(http.StatusConflict, "Nothing was written: %s", next.problems[0].Message)
	}
	if err := v.write(s, "Added to the examination: “"+q+"”", map[string][]byte{"eval.yaml": data}); err != nil {
		return err
	}
	return v.done("added", "exam")
}
