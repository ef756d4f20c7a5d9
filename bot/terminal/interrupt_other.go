//go:build !unix

package terminal

import (
	"context"
	"io"
	"os"
)

// pollable cannot interrupt f here: Run returns after the next line.
func pollable(_ context.Context, f *os.File) (io.Reader, func()) { return f, func() {} }
