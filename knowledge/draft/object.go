package draft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"footnote/knowledge/splice"
)

// Objects are those that package splice writes.
type (
	Object = splice.Object
	Member = splice.Member
)

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
				o = append(o, Member{Key: key, Value: v})
			}
		}
		_, err := d.Token()
		return o, err
	}
	return nil, fmt.Errorf("unexpected %v", t)
}
