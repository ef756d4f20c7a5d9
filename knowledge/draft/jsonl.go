package draft

import (
	"bytes"
	"io"
	"slices"

	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// JSONL writes the facts of base, one JSON object a line, in the form of
// facts.yaml. Each line also holds what it cites, under "sources", and whose fact
// it is, under "pack", so that it can be read alone. The first line of a pack
// holds everything else that the pack consists of: nothing is lost.
func JSONL(w io.Writer, base *knowledge.Base) error {
	for _, p := range base.Packs {
		whole := restObject(p)
		for i, f := range p.Facts {
			line := factObject(f)
			if i == 0 {
				line.put("pack", whole)
			} else {
				line.put("pack", Object{{"schema", knowledge.SchemaVersion}, {"id", p.ID}, {"languages", anys(p.Languages)}})
			}
			var sources []any
			for _, s := range cited(f) {
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

// restObject returns the pack with everything that no fact carries.
func restObject(p *knowledge.Pack) Object {
	o := headObject(p)
	inFacts := map[*csl.Source]bool{}
	for _, f := range p.Facts {
		for _, s := range cited(f) {
			inFacts[s] = true
		}
	}
	var sources []any
	for _, s := range p.Sources {
		if !inFacts[s] {
			sources = append(sources, sourceObject(s))
		}
	}
	o.put("sources", sources)
	o.put("unanswered", p.Unanswered)
	o.put("eval", evalObject(p.Eval))
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
