package telegram

import (
	"strconv"
	"strings"
	"time"
)

// offsetAge is how long a stored offset means anything. Telegram keeps updates
// for 24 hours, so an older offset protects from nothing, and after a quiet week
// it numbers them anew, perhaps below it.
const offsetAge = 24 * time.Hour

// formatOffset writes an offset with its time.
func formatOffset(offset int64, at time.Time) string {
	return strconv.FormatInt(offset, 10) + "@" + strconv.FormatInt(at.Unix(), 10)
}

// parseOffset reads what formatOffset wrote; 0 if it is none or too old.
func parseOffset(s string, now time.Time) int64 {
	a, b, ok := strings.Cut(s, "@")
	offset, err1 := strconv.ParseInt(a, 10, 64)
	at, err2 := strconv.ParseInt(b, 10, 64)
	if !ok || err1 != nil || err2 != nil || offset < 0 || now.Sub(time.Unix(at, 0)) > offsetAge {
		return 0
	}
	return offset
}
