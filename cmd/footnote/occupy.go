package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lockFile is the file in the folder of the key state that a running serve holds a lock on.
// The lock goes with the process, however that ends; the file stays.
const lockFile = "serve.lock"

// errOccupied says that another serve runs with the state folder. Two would tell each
// other's people that they were stopped, and answer twice.
var errOccupied = errors.New("another serve runs with it")

// occupy takes the state folder for this serve until free. If another one has it the error
// is errOccupied; any other says why nobody can take it, and a serve can do without.
func occupy(state string) (free func(), err error) {
	if err := os.MkdirAll(state, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(state, lockFile)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file; move it away", path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
