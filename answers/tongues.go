package answers

import "strings"

// People go on in their own language, whatever the pack's: "und wann war das?",
// "а почему?", "et Brejnev ?". A question of a few words, of which all go into any
// follow-up of that language, is read word for word as English, in which follow-ups
// are understood. Behind a word that goes on from the last answer ("und", "et") other
// words stay as they are, for they may be names. Nothing else is translated.

// maxTongue is how many words such a question has at most.
const maxTongue = 7

// A tongue is what the words of follow-ups are in English; "" where English has no
// word for them.
type tongue map[string]string

// tongues are those of the interface but English, with words folded as questions are.
var tongues = []tongue{
	// German
	makeTongue(`und=and aber=but auch=also wann=when wer=who wen=who wem=who wo=where woher=where wohin=where warum=why weshalb=why wieso=why weswegen=why
		wie=how viele=many viel=many was=what welchem=which welcher=which welches=which welche=which jahr=year tag=day datum=date
		war=was waren=was ist=was sind=was wurde=was wurden=was hat=has haben=has das=that dies=that dieses=that es=it er=he sie=they ihn=him ihm=him ihr=her
		gesagt=said sagte=said sagt=says behauptet=claimed behauptete=claimed geschrieben=wrote schrieb=wrote meint=thinks meinte=thought
		passiert=happened passierte=happened geschah=happened geschehen=happened genau=exactly eigentlich=really denn= dann=then da=there dort=there
		in=in im=in am=on zu=to noch=else sonst=else so= der= die= dem= den=`),
	// French
	makeTongue(`et=and mais=but aussi=also quand=when qui=who ou=where pourquoi=why comment=how combien=how+many quoi=what que=what qu= quel=which quelle=which
		annee=year date=date jour=day etait=was est=was sont=was etaient=was fut=was a=has ont=has cela=that ca=that ce=that c=that il=he elle=she ils=they elles=they
		dit=said disait=said affirme=claimed ecrit=wrote pense=thinks passe=happened arrive=happened exactement=exactly donc= alors=then
		s= l= le= la= les= de=of d=of en=in y= t= au=in juste=just`),
	// Spanish
	makeTongue(`y=and e=and pero=but tambien=also cuando=when quien=who quienes=who donde=where porque=why como=how cuantos=how+many cuantas=how+many cuanto=how+many
		que=what cual=which ano=year fecha=date dia=day fue=was era=was es=was son=was fueron=was eran=was ha=has han=has eso=that esto=that ello=that aquello=that
		el=he ella=she ellos=they ellas=they lo=it dijo=said dice=says afirmo=claimed afirma=claimed escribio=wrote escribe=wrote piensa=thinks
		paso=happened ocurrio=happened sucedio=happened exactamente=exactly entonces=then en=in la= los= las= se= de=of del=of mas=else`),
	// Russian
	makeTongue(`и=and а=and но=but также=also когда=when кто=who кого=who кому=who где=where куда=where откуда=where почему=why зачем=why отчего=why как=how сколько=how+many
		что=what какой=which какая=which каком=which какого=which год=year году=year года=year день=day дата=date
		было=was был=was была=was были=was есть=was это=that этого=that этом=that этому=that он=he она=she оно=it они=they его=him ее=her их=them ему=him
		сказал=said сказала=said сказали=said говорит=says говорил=said говорила=said утверждает=claimed утверждал=claimed писал=wrote написал=wrote считает=thinks считал=thought
		произошло=happened случилось=happened именно=exactly точно=exactly же= ли= тогда=then там=there в=in во=in о=about об=about еще=else`),
}

var (
	// goesOn are the words with which a question goes on from the last one, in English.
	goesOn = set(`and but also`)

	// asking are those of which a follow-up has one, or else it is something else
	// that happens to be made of such words: "war", "tag".
	asking = set(`and but also when who where why how what which`)
)

// phrases are what is one word in English.
var phrases = strings.NewReplacer(" por que ", " porque ", " qu est ce qui ", " quoi ", " qu est ce que ", " quoi ", " est ce que ", " ")

func makeTongue(words string) tongue {
	t := tongue{}
	for pair := range strings.FieldsSeq(words) {
		from, to, _ := strings.Cut(pair, "=")
		t[from] = strings.ReplaceAll(to, "+", " ")
	}
	return t
}

// inEnglish is text in English, if it is a follow-up of another language.
func inEnglish(text string) (string, bool) {
	const longest = 80 // bytes: seven words of any of them
	if len(text) > longest {
		return "", false
	}
	var words []string
	split(strings.ReplaceAll(fold(text), "'", " "), func(w string) { words = append(words, w) })
	words = strings.Fields(phrases.Replace(" " + strings.Join(words, " ") + " "))
	if len(words) == 0 || len(words) > maxTongue {
		return "", false
	}
	for _, t := range tongues {
		if english, ok := t.read(words); ok {
			return english, true
		}
	}
	return "", false
}

func (t tongue) read(words []string) (string, bool) {
	first, ok := t[words[0]]
	if !ok {
		return "", false
	}
	names, asks := 0, false
	var out []string
	for _, w := range words {
		english, ok := t[w]
		asks = asks || asking[english] || english == "how many"
		switch {
		case ok:
			out = append(out, english)
		case goesOn[first]:
			out = append(out, w)
			names++
		default:
			return "", false
		}
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " "), asks && names <= maxFollowUp
}
