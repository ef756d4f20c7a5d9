package platform

import (
	"encoding/json"
	"errors"
)

// Decode fills v from JSON that a platform sent. A field of an unexpected type is left
// empty and is no error: what is needed is checked anyway, and one odd field must not cost
// the rest.
func Decode(raw []byte, v any) error {
	err := json.Unmarshal(raw, v)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return nil
	}
	return err
}
