package knowledge

import (
	"bytes"
	"footnote/knowledge/csl"
	"io"
	"slices"
)

// JSONL writes the facts of base, one JSON object a line, in the form of
// facts.yaml. Each line also holds under "sources" what it cites and under
// "pack" whose fact it is, so that it can be read alone. The first line of a pack
// holds everything else that the pack consists of: nothing is lost.
func JSONL(w io.Writer, base *Base) error {
	for _, p := range base.Packs {
		whole := p.rest()
		for i, f := range p.Facts {
			line := f.object()
			if i == 0 {
				line.put("pack", whole)
			} else {
				line.put("pack", Object{{"schema", SchemaVersion}, {"id", p.ID}, {"languages", anys(p.Languages)}})
			}
			var sources []any
			for _, s := range f.cited() {
				sources = append(sources, sourceObject(s))
			}
			line.put("sources", sources)
			raw, err := jsonText(line)
			if err != nil {
				return err
			}
			if _, err := w.Write(append(bytes.TrimSpace(raw), '\n')); err != nil {
				return err
			}
		}
	}
	return nil
}

// rest is the pack with everything that no fact carries.
func (p *Pack) rest() Object {
	o := p.object()
	cited := map[*csl.Source]bool{}
	for _, f := range p.Facts {
		for _, s := range f.cited() {
			cited[s] = true
		}
	}
	var sources []any
	for _, s := range p.Sources {
		if !cited[s] {
			sources = append(sources, sourceObject(s))
		}
	}
	o.put("sources", sources)
	o.put("unanswered", p.Unanswered)
	o.put("eval", p.Eval.object())
	return o
}

// cited are the sources of a fact, each once.
func (f *Fact) cited() []*csl.Source {
	var out []*csl.Source
	for _, c := range f.AllCites() {
		if c.Source != nil && !slices.Contains(out, c.Source) {
			out = append(out, c.Source)
		}
	}
	return out
}
