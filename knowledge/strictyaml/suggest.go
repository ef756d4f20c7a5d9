package strictyaml

import "strings"

// Suggest returns the one of known that word most likely meant, or "" when none
// is near: at most a third of its letters may differ. It is case-blind and takes
// "_", " " and "-" for the same.
func Suggest(word string, known []string) string {
	const longest = 64 // no key or id that we know is longer; bounds the work
	if len(word) > longest || word == "" {
		return ""
	}
	fold := strings.NewReplacer("_", "-", " ", "-").Replace
	w := []rune(fold(strings.ToLower(word)))
	best, bestDist := "", 1<<30
	for _, k := range known {
		c := []rune(fold(strings.ToLower(k)))
		limit := max(len(c), len(w), 3) / 3
		if len(c)-len(w) > limit || len(w)-len(c) > limit {
			continue
		}
		if d := distance(w, c); d <= limit && d < bestDist && d < len(c) {
			best, bestDist = k, d
		}
	}
	return best
}

// distance returns the number of letters to insert, delete, replace or swap with
// their neighbour (optimal string alignment).
func distance(a, b []rune) int {
	before := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
