package csl

import (
	"encoding/json"
	"fmt"
	"strings"

	"footnote/knowledge/edtf"
)

// JSON returns the sources as a CSL-JSON list, which loses nothing: reading it
// again gives the same sources.
func JSON(sources ...*Source) []byte {
	items := make([]map[string]any, len(sources))
	for i, s := range sources {
		items[i] = s.item()
	}
	out, err := json.MarshalIndent(items, "", "  ")
	if err != nil {
		panic(err) // texts, lists and maps of them can always be written
	}
	return append(out, '\n')
}

// item returns s as an item of CSL-JSON.
func (s *Source) item() map[string]any {
	item := map[string]any{"id": s.ID, "type": s.Type}
	for name, v := range s.Fields {
		item[name] = v
	}
	for role, names := range s.Names {
		list := make([]map[string]any, len(names))
		for i, n := range names {
			m := map[string]any{}
			for key, v := range map[string]string{"family": n.Family, "given": n.Given, "literal": n.Literal, "suffix": n.Suffix,
				"dropping-particle": n.DroppingParticle, "non-dropping-particle": n.NonDroppingParticle} {
				if v != "" {
					m[key] = v
				}
			}
			if n.CommaSuffix {
				m["comma-suffix"] = true
			}
			list[i] = m
		}
		item[role] = list
	}
	for name, d := range s.Dates {
		item[name] = jsonDate(d)
	}
	custom := map[string]any{}
	for _, f := range s.Other {
		if key, ok := strings.CutPrefix(f.Name, "custom."); ok {
			custom[key] = f.Value
		} else {
			item[f.Name] = f.Value
		}
	}
	if len(custom) > 0 {
		item["custom"] = custom
	}
	return item
}

// jsonDate writes date-parts, which every reader of CSL-JSON knows, where they
// can say it, and the text of the date where they cannot.
func jsonDate(d Date) map[string]any {
	if d.Literal != "" {
		return map[string]any{"literal": d.Literal}
	}
	from, to, err := d.EDTF.Ends()
	interval := strings.Contains(string(d.EDTF), "/")
	out := map[string]any{}
	parts := func(x edtf.End) []int {
		p := []int{x.Year}
		if x.Month > 0 {
			p = append(p, x.Month)
		}
		if x.Day > 0 {
			p = append(p, x.Day)
		}
		return p
	}
	list := [][]int{parts(from)}
	circa := from.Approximate
	if interval {
		list = append(list, parts(to))
		circa = circa || to.Approximate
	}
	out["date-parts"] = list
	if circa {
		out["circa"] = true
	}
	// Whatever date-parts cannot carry would come back as another date.
	var back []string
	for _, p := range list {
		var nums []string
		for _, n := range p {
			nums = append(nums, fmt.Sprint(n))
		}
		e := string(edtf.FromParts(nums...))
		if circa {
			e += "~"
		}
		back = append(back, e)
	}
	if err != nil || strings.Join(back, "/") != string(d.EDTF) {
		return map[string]any{"raw": string(d.EDTF)}
	}
	return out
}
