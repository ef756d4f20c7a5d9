package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Waiting returns the messages without an answer that a process by itself has noted in s, as
// [SharedUnanswered] keeps them: for a state that moves to where several processes share it.
// What cannot be read is in the error, and the rest is returned all the same.
func Waiting(ctx context.Context, s Store) (all map[string]string, err error) {
	all = map[string]string{}
	for i := range parts {
		text, failed := s.Get(ctx, partKey(i))
		var waiting []unanswered
		if failed == nil && text != "" {
			failed = json.Unmarshal([]byte(text), &waiting)
		}
		err = errors.Join(err, failed)
		for _, d := range waiting {
			row, failed := json.Marshal(d)
			err = errors.Join(err, failed)
			all[fmt.Sprintf("moved.%d", len(all)+1)] = string(row)
		}
	}
	return all, err
}
