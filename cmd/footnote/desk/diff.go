package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// A diffLine is a line of a comparison: ' ' stays, '-' goes, '+' comes, '…' leaves out.
type diffLine struct {
	Sign string
	Text string
}

// Mark says what a line is, for people who do not see its colour.
func (l diffLine) Mark() string {
	return map[string]string{"-": "taken out: ", "+": "new: "}[l.Sign]
}

// A fileDiff is how a file differs.
type fileDiff struct {
	Name  string
	New   bool
	Gone  bool
	Lines []diffLine
}

// diff shows what differs from when the desk was opened, and what was done since.
func (v *visit) diff() error {
	s, err := v.state()
	if err != nil {
		return err
	}
	var files []fileDiff
	names := map[string]bool{}
	for name := range s.files {
		names[name] = true
	}
	for name := range v.p.begin {
		names[name] = true
	}
	for _, name := range sortedKeys(names) {
		before, after := v.p.begin[name], s.files[name]
		if string(before) != string(after) {
			files = append(files, fileDiff{name, before == nil, after == nil, diffOf(string(before), string(after))})
		}
	}
	v.p.mu.Lock()
	steps := slices.Clone(v.p.steps)
	v.p.mu.Unlock()
	slices.Reverse(steps)
	return v.show(http.StatusOK, "diff", "Changes", map[string]any{"Files": files, "Steps": steps})
}

// When is the time of a step, for the list of them.
func (s step) When() string { return s.At.Format(time.TimeOnly) }

// around is how many lines that stay are shown beside those that do not.
const around = 3

// maxCompared bounds how many lines that differ are compared with each other.
const maxCompared = 2000

// diffOf compares two texts line by line.
func diffOf(a, b string) []diffLine {
	x, y := split(a), split(b)
	start := 0
	for start < len(x) && start < len(y) && x[start] == y[start] {
		start++
	}
	end := 0
	for end < len(x)-start && end < len(y)-start && x[len(x)-1-end] == y[len(y)-1-end] {
		end++
	}
	var all []diffLine
	for _, l := range x[:start] {
		all = append(all, diffLine{" ", l})
	}
	all = append(all, between(x[start:len(x)-end], y[start:len(y)-end])...)
	for _, l := range x[len(x)-end:] {
		all = append(all, diffLine{" ", l})
	}
	return shortened(all)
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n")
}

// between compares lines by their longest common subsequence.
func between(x, y []string) []diffLine {
	var out []diffLine
	if len(x) > maxCompared || len(y) > maxCompared {
		for _, l := range x {
			out = append(out, diffLine{"-", l})
		}
		for _, l := range y {
			out = append(out, diffLine{"+", l})
		}
		return out
	}
	length := make([][]int, len(x)+1)
	for i := range length {
		length[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			out = append(out, diffLine{" ", x[i]})
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && length[i+1][j] >= length[i][j+1]:
			out = append(out, diffLine{"-", x[i]})
			i++
		default:
			out = append(out, diffLine{"+", y[j]})
			j++
		}
	}
	return out
}

// shortened leaves out lines that stay, but for some around those that do not.
func shortened(all []diffLine) []diffLine {
	keep := make([]bool, len(all))
	for i, l := range all {
		if l.Sign == " " {
			continue
		}
		for j := max(0, i-around); j <= min(len(all)-1, i+around); j++ {
			keep[j] = true
		}
	}
	var out []diffLine
	for i, l := range all {
		switch {
		case keep[i]:
			out = append(out, l)
		case len(out) > 0 && out[len(out)-1].Sign != "…" || len(out) == 0:
			out = append(out, diffLine{"…", ""})
		}
	}
	if len(out) == 1 && out[0].Sign == "…" {
		return nil
	}
	return out
}
