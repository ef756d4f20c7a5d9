package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ReadRegular returns the content of the regular file at path. A pipe, which would be
// waited for without end, a device or a folder is refused, and so is a file of more than
// most bytes, before a byte of it is read.
func ReadRegular(path string, most int64) ([]byte, error) {
	if err := CheckRegular(path, most); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = tooLarge(path, most)
	}
	return data, err
}

// CheckRegular returns an error if what is at path cannot be a file of the state: if it is
// no regular file, or has more than most bytes; most is not looked at if it is 0. An error
// of fs.ErrNotExist says that there is nothing.
func CheckRegular(path string, most int64) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is %s and no regular file; move it away", path, kindOf(info.Mode()))
	case most > 0 && info.Size() > most:
		return tooLarge(path, most)
	}
	return nil
}

func tooLarge(path string, most int64) error {
	return fmt.Errorf("%s is larger than the %d bytes that it may have; it is not what this program wrote, move it away", path, most)
}

func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// keepPrivate takes from everybody but the owner what they may do with the files at
// paths, if they are there.
func keepPrivate(paths ...string) error {
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		}
		if open := info.Mode().Perm() &^ 0o700; open != 0 {
			if err := os.Chmod(path, info.Mode().Perm()&0o700); err != nil {
				return fmt.Errorf("others may read it, and that cannot be changed: %w", err)
			}
		}
	}
	return nil
}
