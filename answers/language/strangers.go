package language

import (
	"math/bits"
	"strings"
	"sync"
)

// Languages that nobody wrote a table of share words with those that are known: Czech with Polish,
// Catalan with Spanish. A few words of their grammar tell that a question is in one of them, and so
// in none that is known. They are written folded; what a known language says alike counts for both.
var strangersGrammar = map[string]string{
	"ca": "qui quan quin quina quins quines quant quants quantes com perque on va van ser era eren amb dels els les pel pels seva seu seus aquest aquesta aixo que per es fou foren fins despres abans",
	"cs": "kdo koho komu kdy kde proc jak kolik ktery ktera ktere kterem co byl byla bylo byli byt je jsou jsem se si ze ve ke pri mezi jeho jeji jejich nebo kdyz aby take od roce v na z do po pred s o a i za",
	"da": "hvem hvornar hvor hvorfor hvordan hvad hvilken hvilket var blev er og af til fra det den de en et ikke med som",
	"fi": "kuka milloin missa miksi miten mika mitka kuinka moni monta oli olivat on ja ei kun jos joka minka mista",
	"hr": "tko ko kada gdje gde zasto kako koliko koji koja koje sto sta bio bila bilo bili je su se u na od do za iz sa s po pri nije li i",
	"hu": "ki kit mikor hol miert hogyan mennyi hany melyik mi mit volt voltak az egy es nem hogy mely milyen kik meg el is ennek annak ban ben",
	"nl": "wie wanneer waar waarom hoe hoeveel welke welk wat was waren werd werden het een de van voor naar uit met niet bij op en door zijn hun toen",
	"ro": "cine cand unde de cum cati cate cat care ce a fost au era erau este sunt si in la din pe cu pentru dupa inainte lui sa se al ale ai nu mai fi fara prin catre",
	"sk": "kto koho kedy kde preco ako kolko ktory ktora ktore co bol bola bolo boli byt je su sa si zo vo pri medzi jeho jej ich alebo ked aby tiez od roku v na z do po pred s o a i za",
	"sv": "vem nar var varfor hur manga vilken vilket vilka vad blev ar och av till fran det den de en ett inte med som i pa",
	"tr": "kim kimi ne zaman nerede neden nicin nasil kac hangi neydi oldu idi mi ve bir bu da de icin ile kimdir nedir",
}

// strangers are the languages that a word is grammar of, a bit each.
var strangers = sync.OnceValue(func() map[string]uint16 {
	m := map[string]uint16{}
	bit := uint16(1)
	for _, words := range strangersGrammar {
		for w := range strings.FieldsSeq(words) {
			m[w] |= bit
		}
		bit <<= 1
	}
	return m
})

// strange is how much speaks for the likeliest of the languages without a table.
func strange(tokens []token) float64 {
	words := strangers()
	var score [16]float64
	for i := range tokens {
		tells := float64(wordTells)
		switch {
		case i == 0 && len(tokens[i].folded) > 1:
			tells = firstWordTells
		case len(tokens[i].folded) == 1:
			tells = shortTells
		}
		for to := words[tokens[i].folded]; to != 0; to &= to - 1 {
			score[bits.TrailingZeros16(to)] += tells
		}
	}
	most := 0.0
	for _, s := range score {
		most = max(most, s)
	}
	return most
}
