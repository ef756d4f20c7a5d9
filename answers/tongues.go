package answers

import (
	"slices"
	"strings"
)

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

// tongueOf are the words of a language; nil where they are not known.
func tongueOf(tag string) tongue {
	if i := slices.Index(tongueTags, tag); i >= 0 {
		return tongues[i]
	}
	return nil
}

// tongueTags are the languages of tongues.
var tongueTags = []string{"de", "fr", "es", "ru", "it", "pt", "pl", "uk"}

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
	// Italian
	makeTongue(`e=and ma=but anche=also quando=when chi=who dove=where perche=why come=how quanti=how+many quante=how+many quanto=how+many che=what cosa=what quale=which
		anno=year data=date giorno=day era=was fu=was sono=was furono=was erano=was ha=has hanno=has cio=that questo=that quello=that lui=he lei=she loro=they lo=it
		detto=said disse=said dice=says affermo=claimed scrisse=wrote scritto=wrote pensa=thinks successe=happened successo=happened accadde=happened esattamente=exactly
		allora=then in=in il= la= le= gli= i= si= di=of del=of della=of altro=else`),
	// Portuguese
	makeTongue(`e=and mas=but tambem=also quando=when quem=who onde=where porque=why porquê=why como=how quantos=how+many quantas=how+many quanto=how+many que=what qual=which
		ano=year data=date dia=day foi=was era=was sao=was eram=was foram=was tem=has tinha=has isso=that isto=that aquilo=that ele=he ela=she eles=they elas=they
		disse=said diz=says afirmou=claimed escreveu=wrote escrito=wrote pensa=thinks aconteceu=happened ocorreu=happened exatamente=exactly entao=then em=in o= a= os= as= se= de=of
		do=of da=of mais=else`),
	// Polish
	makeTongue(`a=and i=and ale=but tez=also takze=also kiedy=when kto=who kogo=who komu=who gdzie=where skad=where dlaczego=why czemu=why jak=how ile=how+many ilu=how+many co=what
		jaki=which jaka=which jakim=which ktory=which ktorym=which rok=year roku=year dzien=day data=date byl=was byla=was bylo=was byli=was jest=was to=that tego=that tym=that
		on=he ona=she ono=it oni=they go=him jego=him jej=her ich=them mu=him powiedzial=said powiedziala=said mowi=says twierdzil=claimed napisal=wrote pisal=wrote
		wydarzylo=happened stalo=happened dokladnie=exactly wtedy=then tam=there w=in we=in o=about sie= jeszcze=else`),
	// Ukrainian
	makeTongue(`і=and й=and та=and а=and але=but також=also коли=when хто=who кого=who кому=who де=where куди=where звідки=where чому=why навіщо=why як=how скільки=how+many
		що=what який=which яка=which якому=which рік=year року=year році=year день=day дата=date було=was був=was була=was були=was це=that цього=that цьому=that він=he вона=she
		воно=it вони=they його=him її=her їх=them йому=him сказав=said сказала=said сказали=said каже=says стверджував=claimed писав=wrote написав=wrote вважає=thinks
		сталося=happened відбулося=happened саме=exactly точно=exactly ж= чи= тоді=then там=there в=in у=in про=about ще=else`),
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
		t[fold(from)] = strings.ReplaceAll(to, "+", " ")
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
	for i, t := range tongues {
		if tongueTags[i] == "pl" && words[0] == "a" { // the article of English
			continue
		}
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
