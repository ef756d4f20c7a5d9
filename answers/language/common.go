package language

import (
	"compress/gzip"
	"embed"
	"io"
	"strings"
	"sync"
)

// The commonest words of each language, the most frequent first, folded as the matcher
// folds. answers/tools/commonwords writes them.
//
//go:generate python3 ../tools/commonwords/commonwords.py common
//go:embed common/*.txt.gz
var commonFiles embed.FS

// A Common is the commonest words of a language. It does not change.
type Common struct {
	once sync.Once
	tag  string
	rank map[string]int32
}

var commons = func() map[string]*Common {
	all := map[string]*Common{}
	entries, err := commonFiles.ReadDir("common")
	if err != nil {
		panic("language: " + err.Error())
	}
	for _, e := range entries {
		tag := strings.TrimSuffix(e.Name(), ".txt.gz")
		all[tag] = &Common{tag: tag}
	}
	return all
}()

// CommonIn is the list of a language; nil if there is none. It is read when it is first
// asked.
func CommonIn(tag string) *Common { return commons[tag] }

// Rank is the place of a folded word among the commonest, from 1, or 0 if it is not among
// them. A nil list has none.
func (c *Common) Rank(word string) int {
	if c == nil {
		return 0
	}
	c.once.Do(func() {
		words := strings.Fields(readCommon(c.tag))
		c.rank = make(map[string]int32, len(words))
		for i, w := range words {
			if c.rank[w] == 0 {
				c.rank[w] = int32(i + 1)
			}
		}
	})
	return int(c.rank[word])
}

// readCommon unpacks the list of a language. The lists are part of the program: one that
// cannot be read is a fault in it.
func readCommon(tag string) string {
	f, err := commonFiles.Open("common/" + tag + ".txt.gz")
	if err != nil {
		panic("language: " + err.Error())
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		panic("language: " + tag + ": " + err.Error())
	}
	data, err := io.ReadAll(z)
	if err != nil {
		panic("language: " + tag + ": " + err.Error())
	}
	return string(data)
}
