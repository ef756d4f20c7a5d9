package draft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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

// put adds a value unless it is empty; a []string becomes a list.
func (o *Object) put(key string, value any) {
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
		value = anys(v)
	}
	*o = append(*o, Member{key, value})
}

// anys returns the texts as a list.
func anys(list []string) []any {
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
			raw, err := jsonText(v)
			if err != nil {
				return nil, err
			}
			b.Write(raw)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// jsonText writes v as JSON on one line, with < and & as they are: nobody puts
// these lines into a web page.
func jsonText(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// maxObjectDepth is how deep an object may nest: as deep as the files of a pack.
const maxObjectDepth = 50

// ParseObject reads one JSON object. Numbers become texts as they are written;
// null stands for nothing and is left out. A key that stands twice is an error:
// one of the two values would be lost.
func ParseObject(data []byte) (Object, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return nil, wordJSONError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands after the object; write one object on each line")
	}
	o, ok := v.(Object)
	if !ok {
		return nil, errors.New("expected an object {…}")
	}
	return o, nil
}

// wordJSONError says what is wrong in the words of a person.
func wordJSONError(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("this is no JSON at byte %d: %s", syntax.Offset, syntax.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the object is not closed; it must stand on one line")
	}
	return err
}

// readValue reads the next value of d, which stands depth lists and objects deep.
func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxObjectDepth {
		return nil, fmt.Errorf("lists and objects nest deeper than %d", maxObjectDepth)
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case string:
		return t, nil
	case json.Number:
		return t.String(), nil
	case bool:
		return t, nil
	case nil:
		return nil, nil
	case json.Delim:
		if t == '[' {
			list := []any{}
			for d.More() {
				v, err := readValue(d, depth+1)
				if err != nil {
					return nil, err
				}
				if v != nil {
					list = append(list, v)
				}
			}
			_, err := d.Token()
			return list, err
		}
		o := Object{}
		seen := map[string]bool{}
		for d.More() {
			t, err := d.Token()
			if err != nil {
				return nil, err
			}
			key := t.(string) // the decoder allows nothing else here
			if seen[key] {
				return nil, fmt.Errorf("the key %q stands twice", strings.ToValidUTF8(key, "�"))
			}
			seen[key] = true
			v, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			if v != nil {
				o = append(o, Member{key, v})
			}
		}
		_, err := d.Token()
		return o, err
	}
	return nil, fmt.Errorf("unexpected %v", t)
}
