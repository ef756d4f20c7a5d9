package knowledge

import (
	"encoding/json"

	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
)

// object is a piece of a JSON Schema.
type object = map[string]any

// Schema returns the JSON Schema (draft-07) of the files of a pack, for editors.
// It recognises a file by its keys. It asks for less than [Load] where a schema
// cannot say it: what a status needs is in, what refers to another file is not.
func Schema() []byte {
	root := object{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"title":       "A file of a Footnote pack (footnote/1)",
		"definitions": definitions(),
		"if":          object{"type": "object", "required": []string{"facts"}},
		"then":        ref("facts-file"),
		"else": object{
			"if":   object{"anyOf": []object{{"type": "array"}, {"type": "object", "required": []string{"references"}}}},
			"then": ref("sources-file"),
			"else": object{
				"if":   object{"type": "object", "anyOf": []object{{"required": []string{"find"}}, {"required": []string{"decline"}}}},
				"then": ref("eval-file"),
				"else": object{
					"if":   object{"type": "object", "required": []string{"unanswered"}},
					"then": ref("unanswered-file"),
					"else": ref("pack-file"),
				},
			},
		},
	}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // the tree holds nothing that cannot be written
	}
	return append(out, '\n')
}

func ref(name string) object { return object{"$ref": "#/definitions/" + name} }

func described(text string, o object) object {
	out := object{"description": text}
	for k, v := range o {
		out[k] = v
	}
	return out
}

func listOf(items object, min int) object {
	o := object{"type": "array", "items": items}
	if min > 0 {
		o["minItems"] = min
	}
	return o
}

// few is listOf with a bound.
func few(items object, min, most int) object {
	o := listOf(items, min)
	o["maxItems"] = most
	return o
}

// closed returns the schema of a map with no other keys than these.
func closed(required []string, properties object) object {
	o := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

// plain returns the schema of a text of at most n characters. Unquoted numbers and truth values are
// texts to us but not to an editor, so that they are allowed by name.
func plain(n int) object {
	return object{"type": []string{"string", "number", "boolean"}, "minLength": 1, "maxLength": n}
}

// inLanguages returns the schema of a text, or of texts by language.
func inLanguages(n int) object {
	return object{"anyOf": []object{plain(n), {"type": "object", "minProperties": 1, "propertyNames": ref("language"), "additionalProperties": plain(n)}}}
}

// definitions are the parts that the schemas refer to, by name.
func definitions() object {
	date := described("an EDTF date such as 1956-02-25, 1984~ or 1978-04/1979-12", object{"type": []string{"string", "number"}, "maxLength": edtf.MaxLength})
	return object{
		"id":         object{"type": []string{"string", "number"}, "pattern": idPattern.String(), "maxLength": MaxID},
		"language":   object{"type": "string", "pattern": langPattern.String()},
		"date":       date,
		"pack-file":  packFileSchema(),
		"facts-file": closed([]string{"facts"}, object{"schema": object{"const": SchemaVersion}, "facts": listOf(ref("fact"), 0)}),
		"fact":       factSchema(),
		"image":      imageSchema(),
		"cite": closed([]string{"source"}, object{
			"source": described("the id of a source", plain(MaxWord)),
			"locator": object{"anyOf": []object{plain(MaxLocator), closed([]string{"value"}, object{
				"label": object{"enum": csl.LocatorLabels()}, "value": plain(MaxLocator)})}},
			"quote": object{"anyOf": []object{plain(MaxQuote), closed([]string{"text"}, object{
				"text": plain(MaxQuote), "lang": ref("language"), "translation": plain(MaxQuote), "by": plain(MaxHolder)})}},
		}),
		"sources-file": object{"anyOf": []object{listOf(ref("reference"), 0),
			object{"type": "object", "required": []string{"references"}, "properties": object{"references": listOf(ref("reference"), 0)}}}},
		"reference":       object{"type": "object", "required": []string{"id", "type"}, "properties": referenceProperties()},
		"names":           object{"anyOf": []object{plain(csl.MaxField), {"type": "object"}, listOf(object{"type": []string{"object", "string"}}, 0)}},
		"unanswered-file": closed([]string{"unanswered"}, object{"schema": object{"const": SchemaVersion}, "unanswered": listOf(plain(MaxUnanswered), 0)}),
		"eval-file": closed(nil, object{
			"schema":  object{"const": SchemaVersion},
			"find":    object{"type": "object", "propertyNames": ref("id"), "additionalProperties": listOf(plain(MaxEvalQuestion), 0)},
			"decline": closed(nil, declineProperties()),
		}),
	}
}

// packFileSchema is the schema of pack.yaml.
func packFileSchema() object {
	return closed([]string{"schema", "id", "title", "version"}, object{
		"schema":     object{"const": SchemaVersion},
		"id":         described("a short name for the pack; never change it", ref("id")),
		"title":      inLanguages(MaxTitle),
		"version":    described("three numbers such as 1.0.0", object{"type": "string", "pattern": versionPattern.String()}),
		"license":    plain(MaxTitle),
		"languages":  described("language tags; the first is the main one", few(ref("language"), 1, MaxList)),
		"scope-note": described("what the pack covers and what it does not", inLanguages(MaxScopeNote)),
		"maintainers": few(object{"anyOf": []object{plain(MaxWord), closed([]string{"name"}, object{
			"name": plain(MaxWord), "orcid": object{"type": "string"}})}}, 0, MaxList),
		"synonyms": described("groups of words of the same meaning", few(few(plain(MaxWord), 2, MaxList), 0, MaxGroups)),
		"history": few(closed([]string{"version"}, object{
			"version": object{"type": []string{"string", "number"}}, "date": ref("date"),
			"changes": few(closed([]string{"fact", "kind"}, object{
				"fact": ref("id"), "kind": object{"enum": []ChangeKind{Added, Corrected, Withdrawn}}, "note": inLanguages(MaxDetail)}), 0, MaxHistory),
		}), 0, MaxHistory),
	})
}

// factSchema is the schema of a fact, with what each status asks for.
func factSchema() object {
	questions := listOf(plain(MaxQuestion), 1)
	when := func(status Status, then object) object {
		return object{"if": object{"properties": object{"status": object{"const": string(status)}}, "required": []string{"status"}}, "then": then}
	}
	return described("one answerable statement with its own citations", merged(closed([]string{"id", "status", "questions", "answer"}, object{
		"id":     described("a short name; it stays for ever", ref("id")),
		"status": object{"enum": []Status{Established, Attributed, Disputed, CitationNeeded, Retracted}},
		"questions": described("how people ask for it; the first is the one that is shown", object{"anyOf": []object{questions,
			{"type": "object", "minProperties": 1, "propertyNames": ref("language"), "additionalProperties": questions}}}),
		"answer":       described("in your own words, at most 300 characters", inLanguages(MaxAnswer)),
		"detail":       described("more, at most 1500 characters", inLanguages(MaxDetail)),
		"topics":       few(plain(MaxWord), 0, MaxList),
		"keywords":     few(plain(MaxWord), 0, MaxList),
		"people":       described("names; a list of several ways to write one begins with the one that is shown", few(object{"anyOf": []object{plain(MaxWord), few(plain(MaxWord), 1, MaxList)}}, 0, MaxList)),
		"according-to": described("whose claim it is", plain(MaxHolder)),
		"positions": few(closed([]string{"holder", "claim", "cites"}, object{
			"holder": plain(MaxHolder), "claim": inLanguages(MaxClaim), "date": ref("date"), "cites": few(ref("cite"), 1, MaxCites)}), 0, MaxPositions),
		"dates":    few(closed([]string{"edtf"}, object{"edtf": ref("date"), "label": inLanguages(MaxLabel), "calendar": object{"enum": []string{"gregorian", "julian"}}}), 0, MaxList),
		"cites":    few(ref("cite"), 0, MaxCites),
		"support":  described("why the quotations do not hold a number or a name of the answer", plain(MaxHolder)),
		"images":   described("pictures, each a file of the pack or an https address", few(ref("image"), 0, MaxImages)),
		"related":  described("ids of facts of this pack", few(ref("id"), 0, MaxList)),
		"reviewed": ref("date"),
	}), object{"allOf": []object{
		when(Established, object{"required": []string{"cites"}}),
		when(Retracted, object{"required": []string{"cites"}}),
		when(Attributed, object{"required": []string{"cites", "according-to"}}),
		when(Disputed, object{"required": []string{"positions"}, "properties": object{"positions": object{"minItems": 2}}}),
	}}))
}

func imageSchema() object {
	return merged(closed([]string{"alt", "credit", "license"}, object{
		"file":    described("a file in the pack's folder", object{"type": "string", "pattern": imageFile.String()}),
		"url":     described("an address of the picture", object{"type": "string", "pattern": "^https://", "maxLength": MaxAddress}),
		"alt":     described("what it shows, for whoever does not see it", inLanguages(MaxAlt)),
		"caption": inLanguages(MaxCaption),
		"credit":  described("who made it, and where it is kept", plain(MaxHolder)),
		"license": plain(MaxTitle),
	}), object{"anyOf": []object{{"required": []string{"file"}}, {"required": []string{"url"}}}})
}

func merged(a, b object) object {
	for k, v := range b {
		a[k] = v
	}
	return a
}

func referenceProperties() object {
	p := object{"id": plain(csl.MaxID), "type": described("a type of CSL", object{"type": "string", "examples": csl.Types()})}
	for _, name := range csl.NameVariables() {
		p[name] = ref("names")
	}
	for _, name := range csl.DateVariables() {
		p[name] = object{"type": []string{"string", "number", "object", "array"}}
	}
	for _, name := range csl.TextVariables() {
		p[name] = object{"type": []string{"string", "number", "boolean", "array", "null"}}
	}
	return p
}

func declineProperties() object {
	p := object{}
	for _, kind := range declineKinds() {
		p[kind] = listOf(object{"type": []string{"string", "number", "boolean"}}, 0)
	}
	return p
}
