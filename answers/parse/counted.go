package parse

// countedReach is how many words behind a number may be what it counts: "nine hundred new brick houses".
const countedReach = 4

// Counted calls each with the words that a number of a text may count, from behind it to the next
// word that cannot belong to them, and with none where it stands alone ("400 in all").
func Counted(words []Word, each func(of []Word)) {
	for i := range words {
		if !words[i].Counts() {
			continue
		}
		from := i + 1
		for from < len(words) && (words[from].Text == "of" || articles[words[from].Text]) {
			from++
		}
		to := from
		for to < len(words) && to < from+countedReach && words[to].Kind == Content {
			to++
		}
		each(words[from:to])
	}
}

var peopleWords = set(`people person persons men man women woman lives life victims victim dead casualties inhabitants deaths souls residents citizens population killed wounded
others individuals members`)

// IsPeople reports whether a word may stand for any people that are counted.
func IsPeople(w *Word) bool { return peopleWords[w.Text] || peopleWords[w.Typed] }

// IsUnit reports whether a word is what a length, a weight, a sum or a time is measured in.
func IsUnit(w *Word) bool {
	const units = detailLength | detailWeight | detailMoney | detailDuration | detailSpeed
	return (detailWords[w.Text]|detailWords[w.Typed])&units != 0 || w.Text == "percent" || w.Text == "cent"
}
