package desk

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"footnote/knowledge/draft"
)

// A step is one thing that was done, with the files before and after.
type step struct {
	What    string
	At      time.Time
	files   []*draft.FileEdit
	settled []string // questions that are off the list since
}

// maxSteps is how many steps can be taken back.
const maxSteps = 1000

// write puts files in the place of what s holds, if they still are what they were, and
// remembers how to take that back. A file that is to be nil goes. settled are questions that
// are off the list with it.
func (v *visit) write(s *state, what string, changed map[string][]byte, settled ...string) error {
	var files []*draft.FileEdit
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if before, after := s.files[name], changed[name]; string(before) != string(after) || (before == nil) != (after == nil) {
			files = append(files, &draft.FileEdit{Dir: v.p.dir, Name: name, Before: before, After: after})
		}
	}
	if len(files) == 0 && len(settled) == 0 {
		return nil
	}
	if err := draft.EditOf(files...).Write(); err != nil {
		return refuse(http.StatusConflict, "%v. Load the page again to see what is there now.", err)
	}
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	v.p.steps = append(v.p.steps, step{What: what, At: v.c.Now(), files: files, settled: settled})
	v.p.asked.settle(true, settled...)
	if n := len(v.p.steps) - maxSteps; n > 0 {
		v.p.steps = v.p.steps[n:]
	}
	v.p.undone = nil
	return nil
}

// undo takes the last step back.
func (v *visit) undo() error {
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	n := len(v.p.steps)
	if n == 0 {
		return refuse(http.StatusConflict, "There is nothing to take back.")
	}
	last := v.p.steps[n-1]
	if err := reversed(last.files).Write(); err != nil {
		return refuse(http.StatusConflict, "This cannot be taken back by itself: %v. The page “Changes” shows what differs.", err)
	}
	v.p.steps, v.p.undone = v.p.steps[:n-1], append(v.p.undone, last)
	v.p.asked.settle(false, last.settled...)
	return v.back("undone")
}

// redo does again what was taken back last.
func (v *visit) redo() error {
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	n := len(v.p.undone)
	if n == 0 {
		return refuse(http.StatusConflict, "There is nothing to do again.")
	}
	last := v.p.undone[n-1]
	if err := draft.EditOf(last.files...).Write(); err != nil {
		return refuse(http.StatusConflict, "This cannot be done again: %v.", err)
	}
	v.p.undone, v.p.steps = v.p.undone[:n-1], append(v.p.steps, last)
	v.p.asked.settle(true, last.settled...)
	return v.back("redone")
}

// reversed is the edit that takes files back.
func reversed(files []*draft.FileEdit) *draft.Edit {
	var out []*draft.FileEdit
	for _, f := range slices.Backward(files) {
		out = append(out, &draft.FileEdit{Dir: f.Dir, Name: f.Name, Before: f.After, After: f.Before})
	}
	return draft.EditOf(out...)
}

// back leads to the part of the desk that a form names as where it stands.
func (v *visit) back(did string) error {
	to := v.r.PostForm.Get("to")
	if !slices.Contains([]string{"facts", "sources", "questions", "exam", "about"}, to) {
		to = "diff"
	}
	return v.done(did, "%s", to)
}
