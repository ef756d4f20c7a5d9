package parse

import "strings"

// Details are kinds of detail that a question may ask for and a text may tell, beside what [Asks]
// knows: a height, a price, what somebody died of. A fact that says much of what a question is
// about, and nothing of the kind that it asks for, is the commonest near miss there is. Only
// English is read.
type Details uint32

const (
	detailLength     Details = 1 << iota // how tall, how far, the depth of
	detailWeight                         // how heavy
	detailMoney                          // how much it cost, what wages
	detailDuration                       // how long, for how many years
	detailSpeed                          // how fast
	detailColour                         // which colour
	detailDeath                          // what somebody died of
	detailLanguage                       // which language
	detailMonth                          // in which month
	detailDay                            // on what day
	detailHour                           // at what time
	detailGrave                          // where somebody is buried
	detailToday                          // what is so today
	detailSpouse                         // who somebody was married to
	detailParent                         // who somebody's mother was
	detailChild                          // what children somebody had
	detailSibling                        // who somebody's brothers and sisters were
	detailProfession                     // what somebody was: a trade, an office, a learning
	detailAgain                          // what happened again, or a second time
	detailSuccession                     // who came before somebody or after
)

// AnotherTime and Succession are told by fewer words than other details, and less surely.
const AnotherTime, Succession = detailAgain, detailSuccession

// Profession is what somebody was: a trade, an office, a learning.
const Profession = detailProfession

// detailNouns are what is asked for after which and what, after "the" with "of" behind it, and in
// a few words without a question word.
var detailNouns = byDetail(map[Details]string{
	detailLength:   "height length width depth distance dimensions thickness breadth",
	detailWeight:   "weight",
	detailMoney:    "price prices cost costs wage wages salary salaries fare fares fee fees rent pay payment budget sum",
	detailDuration: "duration",
	detailSpeed:    "speed",
	detailColour:   "colour color colours colors",
	detailLanguage: "language languages",
	detailMonth:    "month months",
	detailDay:      "day date weekday",
	detailHour:     "hour",

	detailProfession: "profession occupation job career office post rank",
})

// detailMeasures follow "how".
var detailMeasures = byDetail(map[Details]string{
	detailLength:   "tall high wide deep far thick broad",
	detailWeight:   "heavy",
	detailSpeed:    "fast",
	detailMoney:    "expensive",
	detailDuration: "long",
})

// detailWords tell a detail where they stand in a text.
var detailWords = byDetail(map[Details]string{
	detailLength: `metre metres meter meters foot feet mile miles kilometre kilometres kilometer kilometers km inch inches yard yards cm mm league leagues fathom fathoms
storey storeys stories floors ell ells cubit cubits pace paces far height length width depth distance tall high wide deep thick m`,
	detailWeight: "kg kilogram kilograms kilo kilos pound pounds ton tons tonne tonnes ounce ounces stone stones lb lbs gram grams hundredweight hundredweights weigh weighs weighed weighing weight",
	detailMoney: `dollar dollars pound pounds franc francs crown crowns florin florins ducat ducats shilling shillings mark marks penny pennies pence euro euros guilder guilders
thaler thalers livre livres lira lire peso pesos rouble roubles ruble rubles zloty krone kroner krona kronor drachma drachmas denarii denarius solidi solidus rupee rupees yen yuan
gulden talent talents gold silver coin coins cent cents sou sous ecu ecus groat groats guinea guineas real reales kopeck kopecks dinar dinars usd gbp eur
paid pay pays payment price prices cost costs wage wages salary fare fares fee fees rent pension worth sold bought budget ransom free nothing`,
	detailDuration: `year years month months week weeks day days hour hours minute minutes second seconds decade decades century centuries until till life lifelong winter winters
summer summers night nights generation generations season seasons long lasted reign reigned lifetime ever permanently forever brief briefly short`,
	detailSpeed: "mph kph kmh knot knots speed fast limit pace gallop",
	detailColour: `red blue green yellow black white brown grey gray purple violet orange golden gold silver crimson scarlet pink colour colours color colors coloured colored dark pale
azure indigo bronze ivory turquoise`,
	detailDeath: `fever plague stroke cancer pneumonia consumption tuberculosis cholera typhus typhoid killed shot murdered murder executed execution poison poisoned heart
haemorrhage hemorrhage drowned drowning wound wounds wounded illness ill disease hanged beheaded burned burnt burning accident fell fall falling infection influenza flu smallpox
scurvy suicide struck sick sickness starved starvation hunger cold froze frozen natural age battle dysentery malaria gangrene sepsis diabetes assassinated assassin stabbed fatal fatally suffocated choked trampled run slain slew
strangled crushed explosion exploded bomb crash childbirth complications apoplexy attack gout dropsy jaundice ulcer tumour tumor duel arrow bullet avalanche
shipwreck exhaustion exposure guillotined stoned torture tortured overdose liver kidney lung lungs leukaemia leukemia syphilis measles aids virus epidemic`,
	detailLanguage: `language languages tongue tongues dialect dialects latin greek french english german polish russian arabic spanish italian dutch hebrew yiddish norse danish swedish
norwegian portuguese turkish persian chinese japanese sanskrit aramaic welsh irish gaelic scots breton catalan basque czech slovak hungarian romanian serbian croatian bulgarian
ukrainian lithuanian latvian estonian finnish slavonic creole vernacular bilingual translated translation`,
	detailHour:  "oclock hour hours noon midday midnight dawn dusk sunrise sunset morning evening afternoon night am pm daybreak nightfall",
	detailGrave: "buried burial grave tomb crypt cemetery churchyard interred entombed mausoleum vault ashes graveyard sarcophagus laid lies bury remains",
	detailToday: `today now still nowadays present currently current presently modern contemporary remain remains survive survives surviving recent recently since is are stands exists
houses lives serves has have can`,
	detailSpouse: `wife wives husband husbands spouse spouses married marry marries marriage marriages widow widower wed wedded wedding bride bridegroom consort betrothed unmarried
divorce divorced celibate bachelor`,
	detailParent:  "mother father parents parent son daughter child born mothers fathers stepson stepfather stepmother adopted parentage orphan",
	detailChild:   `son sons daughter daughters child children heir heirs childless offspring issue father mother born twins boy boys girl girls infant posterity line`,
	detailSibling: "brother brothers sister sisters sibling siblings twin twins half",
	detailProfession: `abbess abbot academic actor actress admiral adviser advisor ambassador analyst anthropologist archaeologist archbishop architect artist astronomer author banker
baron baroness baker barber biologist bishop blacksmith bookbinder botanist brewer builder bureaucrat candidate captain cardinal carpenter chairman chairwoman chancellor chaplain
chemist civil clergyman clerk colonel commander commissioner composer conductor consul correspondent councillor count countess critic curator deacon deputy designer
diplomat director doctor draper duchess duke economist editor emperor empress engineer engraver envoy explorer farmer fisherman foreman founder general geographer geologist goldsmith
governor guard guardian hermit historian inspector instructor journalist judge king knight lawyer leader lecturer librarian lieutenant linguist lord magistrate marshal mason
mathematician matron mayor mechanic merchant midwife miller miner minister missionary monk musician navigator novelist nun nurse officer official organist ornithologist painter
pastor peasant philologist philosopher photographer physician physicist pilot poet policeman politician pope preacher premier president priest prime prince princess printer prior
prioress producer professor prophet psychologist publisher queen rabbi rector reeve regent reporter researcher ruler sailor scholar scientist scribe sculptor secretary senator sergeant
servant sheriff shipbuilder shoemaker singer smith sociologist soldier spokesman spokeswoman steward student surgeon surveyor tailor tanner teacher theologian trader translator
treasurer tsar vicar viceroy vizier warden watchmaker weaver writer zoologist`,
	detailAgain: `again back return returned returns reopen reopened reopening restore restored rebuilt rebuild rebuilding retake retook retaken regain regained reconquer reconquered
renew renewed resume resumed reinstate reinstated second twice two third three later next another other further both repeated anew followed`,
	detailSuccession: `before after follow followed follows following succeed succeeded succeeds successor successors succession predecessor predecessors precede preceded replace
replaced replacing place instead next then heir heirs inherited inherit until son daughter brother nephew previous former last became`,
})

// kin are the relatives that "who was" may ask for.
var kin = byDetail(map[Details]string{
	detailSpouse:  "wife wives husband husbands spouse married marry",
	detailParent:  "mother father parents",
	detailChild:   "son sons daughter daughters children child",
	detailSibling: "brother brothers sister sisters siblings",
})

// broughtBack are the verbs behind which "back" says that something was so before.
var broughtBack = set(`win won bring brought take took taken come came put call called get got`)

// seconds are words for one that is not the first of its kind.
var seconds = set(`second third fourth fifth sixth seventh next another`)

// successions ask who came before or after.
var successions = set(`after before followed succeeded preceded replaced successor successors predecessor predecessors`)

// paying are the verbs of "how much".
var paying = set(`cost costs pay pays paid paying earn earns earned earning charge charged sell sold spend spent worth fetch fetched`)

// byDetail puts lists of words by the detail that they tell.
func byDetail(lists map[Details]string) map[string]Details {
	m := map[string]Details{}
	for d, words := range lists {
		for w := range strings.FieldsSeq(words) {
			m[w] |= d
		}
	}
	return m
}

// DetailsAsked are the details that a question asks for.
func DetailsAsked(words []Word) Details {
	var d Details
	asked, who := false, false
	for i := range words {
		if words[i].Native() {
			return 0
		}
		next := wordAt(words, i+1)
		switch words[i].Text {
		case "how":
			asked = true
			d |= howAsked(words, i+1)
		case "what", "which":
			asked = true
			d |= nounAsked(words, i+1)
			if (next == "did" || next == "does" || next == "do") && hasWord(words[i:], "cost", "costs", "weigh", "pay", "earn") {
				d |= paidOrWeighed(words[i:])
			}
			if next == "killed" || next == "illness" || next == "disease" {
				d |= detailDeath
			}
		case "who", "whom":
			asked, who = true, true
			d |= kinAsked(words[i+1:])
		case "when", "where", "whose", "why":
			asked = true
		case "of", "from":
			if before := wordBefore(words, i); before == "die" || before == "died" || before == "dying" {
				d |= detailDeath
			}
			if wordBefore(words, i) == "cause" && (next == "death" || wordAt(words, i+2) == "death") {
				d |= detailDeath
			}
		case "buried", "grave", "tomb", "burial":
			if hasWord(words[:i], "where", "is", "are", "what", "which") {
				d |= detailGrave
			}
		case "today", "nowadays", "currently", "presently":
			d |= detailToday
		case "again":
			d |= detailAgain
		case "back":
			if broughtBack[wordBefore(words, i)] && (next == "" || next == "to" && wordAt(words, i+2) == "power") || broughtBack[wordAt(words, i-2)] && next == "" {
				d |= detailAgain
			}
		case "living":
			if wordBefore(words, i) == "a" && wordAt(words, i-2) == "for" {
				d |= detailProfession
			}
		case "successor", "successors", "predecessor", "predecessors":
			d |= detailSuccession
		}
		switch {
		case seconds[words[i].Text]:
			d |= detailAgain
		case who && successions[words[i].Text]:
			d |= detailSuccession
		}
	}
	if !asked { // town hall height
		d |= keywordsAsked(words)
	}
	return d
}

// howAsked are the details that "how" before i asks for.
func howAsked(words []Word, i int) Details {
	rest := words[min(i, len(words)):]
	switch first := wordAt(words, i); first {
	case "long":
		if wordAt(words, i+1) == "ago" {
			return 0
		}
		return detailDuration | detailLength
	case "much":
		if hasWord(rest, "life", "lives", "time", "land") {
			return 0
		}
		return paidOrWeighed(rest)
	case "many":
		return detailNounsOfTime[wordAt(words, i+1)]
	case "did", "does", "do":
		if len(words) > i+1 && (words[len(words)-1].Text == "die" || words[len(words)-1].Text == "died") {
			return detailDeath
		}
		return 0
	default:
		return detailMeasures[first]
	}
}

// detailNounsOfTime follow "how many" and ask how long something was.
var detailNounsOfTime = byDetail(map[Details]string{detailDuration: "years months weeks days hours minutes decades centuries"})

// NamesDetail are the details that a word of a question names, as far as the question asks for
// them: "tall", "wife", "profession". A text that tells one need not have the word.
func NamesDetail(w *Word) Details {
	d := detailNouns[w.Text] | detailMeasures[w.Text] | kin[w.Text] | detailWords[w.Text]&detailProfession
	if w.Text == "living" {
		d |= detailProfession
	}
	return d
}

// paidOrWeighed are the details of "how much" and "what did it" with a verb.
func paidOrWeighed(words []Word) Details {
	var d Details
	for _, w := range words {
		switch {
		case paying[w.Text]:
			d |= detailMoney
		case w.Text == "weigh" || w.Text == "weighed":
			d |= detailWeight
		}
	}
	if hasWord(words, "life", "lives") {
		d &^= detailMoney
	}
	return d
}

// nounAsked is the detail that the noun behind what or which asks for: "what colour", "what was
// the exact height of", "what kind of scholar", "what was the king's height".
func nounAsked(words []Word, i int) Details {
	if last := len(words) - 1; last > i+1 && auxiliaries[wordAt(words, i)] {
		if d := detailNouns[words[last].Text] &^ (detailDay | detailMonth | detailHour); d != 0 {
			return d
		}
	}
	if kind := wordAt(words, i); (kind == "kind" || kind == "sort" || kind == "type") && wordAt(words, i+1) == "of" {
		return detailWords[wordAt(words, i+2)] & detailProfession
	}
	for n := 0; i < len(words) && n < 5; i, n = i+1, n+1 {
		w := &words[i]
		if d := detailNouns[w.Text]; d != 0 {
			if d == detailDay && n > 0 && wordBefore(words, i) != "exact" && wordBefore(words, i) != "which" && wordBefore(words, i) != "what" {
				return 0
			}
			return d
		}
		if n > 0 && w.Kind != Function && !adjectives[w.Text] || prepositions[w.Text] || w.Kind == Content && !adjectives[w.Text] && !auxiliaries[w.Text] {
			return 0
		}
	}
	return 0
}

// kinAsked are the relatives that a question asks for behind "who": "was the wife of", "did she
// marry", "was his mother".
func kinAsked(words []Word) Details {
	for i := range words {
		w := &words[i]
		switch d := kin[w.Text]; {
		case d == detailSpouse && (w.Text == "married" || w.Text == "marry"), d != 0 && i > 0 && i <= 3 && (auxiliaries[words[0].Text] && (i == 1 || articles[words[i-1].Text] || IsPersonal(words[i-1].Text) || wordAt(words, i+1) == "of" || i+1 == len(words))):
			return d
		}
	}
	return 0
}

// keywordsAsked are the details that a few words ask for without a question word.
func keywordsAsked(words []Word) Details {
	var d Details
	for i := range words {
		if at := wordBefore(words, i); at != "at" && at != "its" && at != "their" {
			d |= detailNouns[words[i].Text] &^ (detailDay | detailMonth | detailHour | detailLanguage)
		}
	}
	return d
}

// DetailsTold are the details of which a text of these words says something.
func DetailsTold(text string, words []Word) Details {
	var d Details
	if strings.ContainsAny(text, "£$€¥") {
		d |= detailMoney
	}
	years := 0
	for i := range words {
		w := &words[i]
		d |= detailWords[w.Text]
		if w.Text != w.Typed {
			d |= detailWords[w.Typed]
		}
		switch {
		case w.Kind == Month:
			d |= detailMonth
		case w.Day:
			d |= detailDay | detailMonth
		case w.Kind == Year:
			years++
		}
		if w.Native() {
			return ^Details(0) // of which nothing is known
		}
	}
	if years > 1 {
		d |= detailDuration
	}
	return d
}

func hasWord(words []Word, any ...string) bool {
	for i := range words {
		for _, a := range any {
			if words[i].Text == a {
				return true
			}
		}
	}
	return false
}

func wordBefore(words []Word, i int) string { return wordAt(words, i-1) }

// AsksName reports whether words ask for a name, in English: "who", "what was the name of", "what
// were they called".
func AsksName(words []Word) bool {
	for i := range words {
		rest := words[i+1:]
		switch t := words[i].Text; {
		case words[i].Native():
			return false
		case (t == "what" || t == "which") && len(rest) > 0:
			return !hasWord(rest[:1], "did", "do", "does") && hasWord(rest[:min(4, len(rest))], "name", "names") || rest[len(rest)-1].Text == "called" || rest[len(rest)-1].Text == "named"
		}
	}
	return AsksFor(words) == AsksWho
}
