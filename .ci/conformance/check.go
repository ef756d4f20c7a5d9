package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf16"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// maxContent is the length of a message's text. The document allows 4000, which
// Discord does not.
const maxContent = 2000

// A document is Discord's description of its API.
type document struct {
	version string
	base    string // what paths are appended to
	router  routers.Router
}

func load(file string) (*document, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	if len(doc.Servers) == 0 {
		return nil, fmt.Errorf("%s names no server", file)
	}
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	base := strings.TrimSuffix(doc.Servers[0].URL, "/")
	return &document{version: base[strings.LastIndex(base, "/")+1:], base: base, router: router}, nil
}

// A request is a line of a recording. The path begins after the API version: the
// library speaks version 9, which Discord does not document any more, and what the
// bot uses of it is the same in 10.
type request struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Body   json.RawMessage `json:"body"`
}

// check holds one line against the document and names the operation it is.
func (d *document) check(line []byte) (operation string, err error) {
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return "unreadable line", err
	}
	body := r.Body
	if bytes.Equal(body, []byte("null")) {
		body = nil
	}
	req, err := http.NewRequest(r.Method, d.base+r.Path, bytes.NewReader(body))
	if err != nil {
		return "unreadable request", err
	}
	req.Header.Set("Authorization", "Bot x")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	route, params, err := d.router.FindRoute(req)
	if err != nil {
		return r.Method + " " + r.Path, errors.New("there is no such operation")
	}
	operation = r.Method + " " + route.Path
	err = openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	if err != nil {
		return operation, short(err)
	}
	return operation, byHand(route, body)
}

// byHand checks what the document leaves open: fields that it does not know, in
// which a misspelt one would hide, and the true length of a text.
func byHand(route *routers.Route, body []byte) error {
	if len(body) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	if err := texts(v); err != nil {
		return err
	}
	media := route.Operation.RequestBody.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	return unknown(media.Schema.Value, v, "")
}

// texts finds every "content" in v that is too long, as Discord is assumed to
// count it: in UTF-16 units, the most of all ways to count.
func texts(v any) error {
	switch v := v.(type) {
	case map[string]any:
		if s, ok := v["content"].(string); ok {
			if n := len(utf16.Encode([]rune(s))); n > maxContent {
				return fmt.Errorf("content has %d units, Discord takes %d", n, maxContent)
			}
		}
		for _, x := range v {
			if err := texts(x); err != nil {
				return err
			}
		}
	case []any:
		for _, x := range v {
			if err := texts(x); err != nil {
				return err
			}
		}
	}
	return nil
}

// unknown finds a field of v that none of the alternatives of its schema has. The
// document does not forbid such fields, and Discord ignores most of them, which is
// worse than a refusal: what was meant is not done.
func unknown(s *openapi3.Schema, v any, where string) error {
	switch v := v.(type) {
	case map[string]any:
		known := fields(s)
		if known == nil {
			return nil // a map of anything, such as names by language
		}
		for name, x := range v {
			at := where + "/" + name
			schemas, ok := known[name]
			if !ok {
				return fmt.Errorf("%s: Discord knows no such field", at)
			}
			if err := among(schemas, x, at); err != nil {
				return err
			}
		}
	case []any:
		items := elements(s)
		for i, x := range v {
			if err := among(items, x, fmt.Sprintf("%s/%d", where, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// among is nil if any of the schemas has every field of v.
func among(schemas []*openapi3.Schema, v any, where string) error {
	var first error
	for _, s := range schemas {
		err := unknown(s, v, where)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// fields is every field that s or an alternative of it has; nil if it takes any.
func fields(s *openapi3.Schema) map[string][]*openapi3.Schema {
	var all map[string][]*openapi3.Schema
	for _, x := range alternatives(s) {
		for name, p := range x.Properties {
			if all == nil {
				all = map[string][]*openapi3.Schema{}
			}
			all[name] = append(all[name], p.Value)
		}
	}
	return all
}

func elements(s *openapi3.Schema) []*openapi3.Schema {
	var all []*openapi3.Schema
	for _, x := range alternatives(s) {
		if x.Items != nil {
			all = append(all, x.Items.Value)
		}
	}
	return all
}

// alternatives is s and everything it is composed of.
func alternatives(s *openapi3.Schema) []*openapi3.Schema {
	all := []*openapi3.Schema{s}
	for _, refs := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf, s.AllOf} {
		for _, r := range refs {
			all = append(all, alternatives(r.Value)...)
		}
	}
	return all
}

// short leaves out of a validator's error the schema it prints.
func short(err error) error {
	s := err.Error()
	if i := strings.Index(s, "\nSchema:"); i >= 0 {
		s = s[:i]
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 400 {
		s = s[:400] + "…"
	}
	return errors.New(s)
}
