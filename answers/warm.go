package answers

import (
	"footnote/answers/encoder"
	"footnote/answers/language"
	"footnote/answers/lexicon"
)

// Warm decodes what a first question needs of no pack: the lists of words, what is known of
// languages and, unless the encoder is "off", the weights of the English one. Where one question is
// to be answered soon, call it on a goroutine of its own while the packs are loaded; else all
// this is decoded when it is first needed.
func Warm(encoders string) {
	lexicon.English()
	lexicon.EnglishRelations()
	if encoders != "off" {
		_, _ = encoder.Load() // who needs it is told of an error
	}
	language.Detect("a")
}
