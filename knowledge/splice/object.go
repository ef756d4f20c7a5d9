package splice

import (
	"bytes"
	"encoding/json"
	"slices"
)

// An Object is a map with an order, as files and JSON have it. Its values are
// string, bool, Object, and []any of these.
type Object []Member

// A Member is one entry of an Object.
type Member struct {
	Key   string
	Value any
}

// Get returns the value under key, or nil.
func (o Object) Get(key string) any {
	for _, m := range o {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// Has reports whether key is there, with or without a value.
func (o Object) Has(key string) bool {
	return slices.ContainsFunc(o, func(m Member) bool { return m.Key == key })
}

// Text returns the text under key, or "" if there is none or something else.
func (o Object) Text(key string) string {
	s, _ := o.Get(key).(string)
	return s
}

// List returns the list under key; a single value is a list of one.
func (o Object) List(key string) []any {
	switch v := o.Get(key).(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// Without returns o without the given keys.
func (o Object) Without(keys ...string) Object {
	var out Object
	for _, m := range o {
		if !slices.Contains(keys, m.Key) {
			out = append(out, m)
		}
	}
	return out
}

// Put adds a value unless it is empty; a []string becomes a list.
func (o *Object) Put(key string, value any) {
	switch v := value.(type) {
	case nil:
		return
	case string:
		if v == "" {
			return
		}
	case Object:
		if len(v) == 0 {
			return
		}
	case []any:
		if len(v) == 0 {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
		value = Texts(v)
	}
	*o = append(*o, Member{key, value})
}

// Texts returns the texts as a list.
func Texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, v := range []any{m.Key, m.Value} {
			if j > 0 {
				b.WriteByte(':')
			}
			raw, err := JSONText(v)
			if err != nil {
				return nil, err
			}
			b.Write(raw)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// JSONText writes v as JSON on one line, with < and & as they are: nobody puts
// these lines into a web page.
func JSONText(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
