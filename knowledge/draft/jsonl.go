package draft

import (
	"io"
	"slices"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/splice"
)

// JSONL writes the facts of base, one JSON object a line, in the form of
// facts.yaml. Each line also holds what it cites, under "sources", and whose fact
// it is, under "pack", so that it can be read alone. The first line of a pack
// holds everything else that the pack consists of: nothing is lost.
func JSONL(w io.Writer, base *knowledge.Base) error {
	for _, p := range base.Packs {
		d := Of(p)
		written := map[*csl.Source]Object{}
		for i, s := range p.Sources {
			written[s] = d.Sources[i]
		}
		for i, f := range p.Facts {
			line := d.Facts[i]
			if i == 0 {
				line.Put("pack", d.rest(p, written))
			} else {
				line.Put("pack", Object{{Key: "schema", Value: knowledge.SchemaVersion}, {Key: "id", Value: p.ID}, {Key: "languages", Value: splice.Texts(p.Languages)}})
			}
			var sources []any
			for _, s := range cited(f) {
				sources = append(sources, written[s])
			}
			line.Put("sources", sources)
			raw, err := splice.JSONText(line)
			if err != nil {
				return err
			}
			if _, err := w.Write(append(raw, '\n')); err != nil {
				return err
			}
		}
	}
	return nil
}

// rest returns the pack d of p with everything that no fact carries. written are
// its sources as they are written.
func (d Pack) rest(p *knowledge.Pack, written map[*csl.Source]Object) Object {
	byFacts := map[*csl.Source]bool{}
	for _, f := range p.Facts {
		for _, s := range cited(f) {
			byFacts[s] = true
		}
	}
	var sources []any
	for _, s := range p.Sources {
		if !byFacts[s] {
			sources = append(sources, written[s])
		}
	}
	o := slices.Clone(d.Head)
	o.Put("sources", sources)
	o.Put("unanswered", d.Unanswered)
	o.Put("eval", d.Eval)
	return o
}

// cited returns the sources of a fact, each once.
func cited(f *knowledge.Fact) []*csl.Source {
	var out []*csl.Source
	for _, c := range f.AllCites() {
		if c.Source != nil && !slices.Contains(out, c.Source) {
			out = append(out, c.Source)
		}
	}
	return out
}
