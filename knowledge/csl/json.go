package csl

import (
	"encoding/json"
	"strconv"
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
		if list, key, ok := partOfName(item, f.Name); ok {
			list[key] = f.Value
		} else if key, ok := strings.CutPrefix(f.Name, "custom."); ok {
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

// partOfName returns the written name that a field such as "author.1.ORCID" is a part
// of, and the key in it.
func partOfName(item map[string]any, field string) (name map[string]any, key string, ok bool) {
	role, rest, _ := strings.Cut(field, ".")
	number, key, ok := strings.Cut(rest, ".")
	list, isNames := item[role].([]map[string]any)
	i, err := strconv.Atoi(number)
	if !ok || !isNames || err != nil || i < 1 || i > len(list) {
		return nil, "", false
	}
	return list[i-1], key, true
}

// jsonDate writes date-parts, which every reader of CSL-JSON knows, where they
// can say it, and the text of the date where they cannot.
func jsonDate(d Date) map[string]any {
	if d.Literal != "" {
		return map[string]any{"literal": d.Literal}
	}
	raw := map[string]any{"raw": string(d.EDTF)}
	from, to, err := d.EDTF.Ends()
	if err != nil || from.Open || from.Unknown {
		return raw
	}
	list := [][]int{jsonParts(from)}
	circa := from.Approximate
	if strings.Contains(string(d.EDTF), "/") {
		list = append(list, jsonParts(to))
		circa = circa || to.Approximate
	}
	// Whatever date-parts cannot carry would come back as another date.
	ends := make([]string, len(list))
	for i, parts := range list {
		texts := make([]string, len(parts))
		for j, x := range parts {
			texts[j] = strconv.Itoa(x)
		}
		if ends[i], _ = endOf(texts); ends[i] != "" && circa {
			ends[i] += "~"
		}
	}
	back := ends[0]
	if len(ends) > 1 {
		d, _ := interval(ends)
		back = string(d.EDTF)
	}
	if back != string(d.EDTF) {
		return raw
	}
	out := map[string]any{"date-parts": list}
	if circa {
		out["circa"] = true
	}
	return out
}

// jsonParts writes one end as CSL counts: no year 0 stands between 1 BC, which is -1,
// and 1, and 0 stands for an open end.
func jsonParts(x edtf.End) []int {
	if x.Open {
		return []int{0}
	}
	year := x.Year
	if year <= 0 {
		year--
	}
	parts := []int{year}
	if x.Month > 0 {
		parts = append(parts, x.Month)
	}
	if x.Day > 0 {
		parts = append(parts, x.Day)
	}
	return parts
}
