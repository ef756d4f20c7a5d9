package parse

import (
	"strings"
	"testing"
)

// shown is how words are read: keys, with years, numbers, months and what tells
// nothing marked.
func shown(words []Word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch w.Kind {
		case Function:
			b.WriteString("(" + w.Text + ")")
		case Number:
			b.WriteString("#" + w.Key)
		case Year:
			b.WriteString("y" + w.Key)
		case Month:
			b.WriteString("m:" + w.Text)
		case Negation:
			b.WriteString("!" + w.Text)
		default:
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

func testReading(t *testing.T, tests map[string]string) {
	t.Helper()
	for in, want := range tests {
		if got := shown(read(in)); got != want {
			t.Errorf("read(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestReadThousands(t *testing.T) {
	for _, in := range []string{"80,000 soldiers", "80.000 soldiers", "80 000 soldiers", "80\u00a0000 soldiers", "80\u2009000 soldiers", "80\u202f000 soldiers", "80'000 soldiers", "80’000 soldiers",
		"80k soldiers", "80K soldiers", "80000 soldiers", "eighty thousand soldiers", "80 thousand soldiers", "Eighty-thousand soldiers"} {
		if got := shown(read(in)); got != "#80000 soldiers" {
			t.Errorf("read(%q) is %q", in, got)
		}
	}
	testReading(t, map[string]string{
		"700,000 men":                    "#700000 men",
		"6,000,000 dead":                 "#6000000 dead",
		"6.000.000 dead":                 "#6000000 dead",
		"6 000 000 dead":                 "#6000000 dead",
		"six million dead":               "#6000000 dead",
		"6 million dead":                 "#6000000 dead",
		"6m dead":                        "#6000000 dead",
		"2.5 million dead":               "#2500000 dead",
		"2,5 million dead":               "#2500000 dead",
		"2.5m dead":                      "#2500000 dead",
		"2.5 metres":                     "#2.5 metres",
		"3.14":                           "#3.14",
		"1.5k men":                       "#1500 men",
		"a hundred and twenty ships":     "#120 ships",
		"one hundred and twenty ships":   "#120 ships",
		"two hundred fifty thousand men": "#250000 men",
		"half a million men":             "#500000 men",
		"a million men":                  "#1000000 men",
		"two dozen ships":                "#24 ships",
		"a dozen ships":                  "#12 ships",
		"three hundred ships":            "#300 ships",
		"8 hundred ships":                "#800 ships",
		"12 500 men":                     "#12500 men",
		"1500 men":                       "#1500 men",
		"1,500 men":                      "#1500 men",
		"in 1500":                        "(in) y1500",
		"two thousand and eight":         "y2008",
		"nineteen fifty-six":             "y1956",
		"nineteen fifty six":             "y1956",
		"fourteen fifty-three":           "y1453",
		"ten sixty-six":                  "y1066",
		"nineteen hundred":               "y1900",
		"nineteen oh five":               "y1905",
		"in nineteen eighteen":           "(in) y1918",
		"thousands of men":               "thousands (of) men",
		"in 330, 430 and 530":            "(in) y330 #430 (and) #530",
		"between 700 and 800":            "(between) #700 (and) #800",
		"twenty-one years":               "#21 (years)",
		"10, 20, 30":                     "#10 #20 #30",
		"1,2,3":                          "#1 #2 #3",
		"4x4":                            "4x4",
		"1.":                             "#1",
	})
}

func TestReadOrdinals(t *testing.T) {
	for _, in := range []string{"21st century", "twenty-first century", "twenty first century", "XXI century", "xxi century", "the 21st century"} {
		if got := strings.TrimPrefix(shown(read(in)), "(the) "); got != "#21 century" {
			t.Errorf("read(%q) is %q", in, got)
		}
	}
	for _, in := range []string{"Henry V", "henry v", "Henry 5", "Henry the Fifth", "Henry 5th", "Henry the 5th", "Henry the V"} {
		if got := strings.ReplaceAll(shown(read(in)), "(the) ", ""); got != "henry #5" {
			t.Errorf("read(%q) is %q", in, got)
		}
	}
	for _, in := range []string{"World War I", "world war i", "World War 1", "World War One", "First World War", "1st World War", "WWI", "WW1", "ww1", "World War 1st"} {
		if got := shown(read(in)); got != "world war #1" {
			t.Errorf("read(%q) is %q", in, got)
		}
	}
	for _, in := range []string{"World War II", "WWII", "WW2", "Second World War", "second world war", "World War Two", "world war ii"} {
		if got := shown(read(in)); got != "world war #2" {
			t.Errorf("read(%q) is %q", in, got)
		}
	}
	for _, in := range []string{"How did Constantine XI die?", "how did constantine 11 die", "How did Constantine the eleventh die", "how did constantine the 11th die"} {
		if got := strings.ReplaceAll(shown(read(in)), "(the) ", ""); got != "(how) (did) constantine #11 die" {
			t.Errorf("read(%q) is %q", in, got)
		}
	}
	testReading(t, map[string]string{
		"What did the Fourth Crusade do?":         "(what) (did) (the) #4 crusade (do)",
		"What did the IV Crusade do":              "(what) (did) (the) #4 crusade (do)",
		"Agincourt in the XV century":             "agincourt (in) (the) #15 century",
		"at the I Congress":                       "(at) (the) #1 congress",
		"at the V Congress":                       "(at) (the) #5 congress",
		"at the First Congress":                   "(at) (the) #1 congress",
		"the first ecumenical council":            "(the) #1 ecumenical council",
		"the first emperor":                       "(the) first emperor",
		"the second emperor":                      "(the) #2 emperor",
		"wait a second":                           "wait (a) (second)",
		"first, who built it":                     "first (who) built (it)",
		"a third of the army":                     "(a) third (of) (the) army",
		"the Third Reich":                         "(the) #3 reich",
		"Henry the First of England":              "henry (the) #1 (of) england",
		"Mehmed the Second":                       "mehmed (the) #2",
		"When did Pius I die?":                    "(when) (did) pius #1 die",
		"When did Pius V die?":                    "(when) (did) pius #5 die",
		"death of Pope Pius V":                    "death (of) pope pius #5",
		"Pius V excommunicated Elizabeth I":       "pius #5 excommunicated elizabeth #1",
		"Napoleon I was crowned":                  "napoleon #1 (was) crowned",
		"charles i was executed":                  "charles #1 (was) executed",
		"walls of theodosius i built when":        "walls (of) theodosius #1 built (when)",
		"Who was Constantine X?":                  "(who) (was) constantine #10",
		"Theodosius I":                            "theodosius #1",
		"xi congress":                             "#11 congress",
		"xi jinping":                              "xi jinping",
		"when did xi come to power":               "(when) (did) xi come (to) power",
		"part two":                                "part #2",
		"Act III":                                 "act #3",
		"act v":                                   "act #5",
		"two words":                               "#2 words",
		"six children":                            "#6 children",
		"three days":                              "#3 (days)",
		"which of the two":                        "(which) (of) (the) (two)",
		"the two kings":                           "(the) (two) kings",
		"no one":                                  "!no (one)",
		"one of the kings":                        "(one) (of) (the) kings",
		"what did i miss":                         "(what) (did) (i) miss",
		"should i read about stalin":              "(should) (i) read (about) stalin",
		"what about stalin i need it":             "(what) (about) stalin (i) need (it)",
		"a book about stalin i should read":       "(a) book (about) stalin (i) (should) read",
		"about stalin i was told":                 "(about) stalin (i) (was) told",
		"i think stalin died":                     "(i) think stalin died",
		"Roe v Wade":                              "roe (v) wade",
		"Malcolm X":                               "malcolm #10",
		"Washington DC":                           "washington dc",
		"MCMLIII":                                 "y1953",
		"a mix of both":                           "(a) mix (of) (both)",
		"Super Bowl XLII":                         "super bowl #42",
		"plan B":                                  "plan b",
		"vitamin c":                               "vitamin c",
		"the fifties":                             "(the) y50s",
		"the '50s":                                "(the) y50s",
		"the 50s":                                 "(the) y50s",
		"the 1950's":                              "(the) y1950s",
		"70's":                                    "y70s",
		"the twenty-third of May":                 "(the) #23 (of) m:may",
		"the third of May":                        "(the) #3 (of) m:may",
		"legio x":                                 "legio #10",
		"Legion X fought":                         "legion #10 fought",
		"the Hundred Years' War":                  "(the) #100 (years) war",
		"the Five-Year Plan":                      "(the) #5 (year) plan",
		"the first five-year plan":                "(the) first #5 (year) plan",
		"order no. 227":                           "order (no) #227",
		"What did Novack say at the XX Congress?": "(what) (did) novack (say) (at) (the) #20 congress",
		"the sixth of the kings":                  "(the) #6 (of) (the) kings",
		"How many people did Poland lose in World War I?": "(how) (many) (people) (did) poland lose (in) world war #1",
		"I was in World War I and I saw it":               "(i) (was) (in) world war #1 (and) (i) saw (it)",
		"what happened in world war i know nothing of it": "(what) (happened) (in) world war (i) (know) !nothing (of) (it)",
		"World War I. I think it began in 1914":           "world war #1 (i) think (it) began (in) y1914",
	})
}

func TestReadAbbreviations(t *testing.T) {
	testReading(t, map[string]string{
		"When was the U.S.S.R. dissolved?": "(when) (was) (the) ussr dissolved",
		"When was the USSR dissolved?":     "(when) (was) (the) ussr dissolved",
		"U.S.S.R":                          "ussr",
		"U. S. S. R. and peace":            "ussr (and) peace",
		"end of the U.S.S.R.":              "end (of) (the) ussr",
		"What did the U.N. demand":         "(what) (did) (the) un demand",
		"What did the UN demand":           "(what) (did) (the) un demand",
		"What did the U.K. demand":         "(what) (did) (the) uk demand",
		"What did the U.S. demand":         "(what) (did) (the) usa demand",
		"What did the US demand":           "(what) (did) (the) usa demand",
		"What did the USA demand":          "(what) (did) (the) usa demand",
		"U.S. position on Suez":            "usa position (on) suez",
		"US troops":                        "usa troops",
		"tell us the date":                 "(tell) (us) (the) (date)",
		"C.I.A. files":                     "cia files",
		"N.S. Khrushchev":                  "khrushchev",
		"J. V. Stalin":                     "stalin",
		"What did H. G. Wells ask?":        "(what) (did) wells ask",
		"no. of ships":                     "number (of) ships",
		"J.V. Stalin died":                 "stalin died",
		"J.R.R. Tolkien":                   "tolkien",
		"G. A. Zyuganov":                   "zyuganov",
		"L. Wałęsa":                        "walesa",
		"Mr. Khrushchev":                   "(mr) khrushchev",
		"St. Pius X":                       "saint pius #10",
		"St Petersburg":                    "saint petersburg",
		"21 st century":                    "#21 st century",
		"where r u":                        "(where) (are) (you)",
		"e.g. Stalin":                      "(eg) stalin",
		"W.H.O. report":                    "w.h.o report",
		"U-boat":                           "u boat",
		"b/c he died":                      "(because) (he) died",
		"Who was Pius V.? And Pius X.?":    "(who) (was) pius #5 (and) pius #10",
	})
}

func TestReadDates(t *testing.T) {
	for _, in := range []string{"29 May 1453", "29.05.1453", "29.5.1453", "29/05/1453", "29-05-1453", "29th May 1453", "29 may 1453"} {
		if got := shown(read(in)); got != "#29 m:may y1453" {
			t.Errorf("read(%q) is %q", in, got)
		}
	}
	testReading(t, map[string]string{
		"on 1453-05-29":                  "(on) y1453 m:may #29",
		"May 29, 1453":                   "m:may #29 y1453",
		"05/29/1453":                     "m:may #29 y1453",
		"05/1453":                        "m:may y1453",
		"02/1956":                        "m:february y1956",
		"1453-05":                        "y1453 m:may",
		"03/04/1956":                     "#03 #04 y1956",
		"Feb. 1956":                      "m:february y1956",
		"feb 1956":                       "m:february y1956",
		"1978-79":                        "y1978 y1979",
		"1914–18":                        "y1914 y1918",
		"1204/61":                        "y1204 y1261",
		"1904-1905":                      "y1904 y1905",
		"44 BC":                          "y44 (bc)",
		"44 B.C.":                        "y44 (bc)",
		"44 BCE":                         "y44 (bc)",
		"44 B.C.E.":                      "y44 (bc)",
		"15 March 44 BC":                 "#15 m:march y44 (bc)",
		"44 before Christ":               "y44 (bc)",
		"AD 330":                         "(ad) y330",
		"A.D. 330":                       "(ad) y330",
		"330 AD":                         "y330 (ad)",
		"330 CE":                         "y330 (ad)",
		"660-650 BC":                     "y660 y650 (bc)",
		"between 44 and 30 BC":           "(between) y44 (and) y30 (bc)",
		"in the 5th century BC":          "(in) (the) #5 century (bc)",
		"fifth century AD":               "#5 century (ad)",
		"he left bc he was tired":        "(he) left (because) (he) (was) tired",
		"did he leave in 1956 BC":        "(did) (he) leave (in) y1956 (bc)",
		"Agincourt in 415":               "agincourt (in) y415",
		"founded in 330":                 "founded (in) y330",
		"in 330 Constantinople was made": "(in) y330 constantinople (was) made",
		"with 330 ships":                 "(with) #330 ships",
		"in 330 ships":                   "(in) #330 ships",
		"When was Jan Hus burnt":         "(when) (was) jan hus burnt",
		"Was Hus burnt in January 1415?": "(was) hus burnt (in) m:january y1415",
		"Was Hus burnt in Jan 1415?":     "(was) hus burnt (in) m:january y1415",
		"Was Hus burnt in Jan. 1415?":    "(was) hus burnt (in) m:january y1415",
		"5 Jan 1415":                     "#5 m:january y1415",
		"Jan 5":                          "m:january #5",
		"in jan":                         "(in) m:january",
		"Mar Hicks":                      "mar hicks",
		"in mar 1456":                    "(in) m:march y1456",
		"the march on Rome":              "(the) march (on) rome",
		"may i ask":                      "(may) (i) ask",
		"in may":                         "(in) m:may",
		"29 may":                         "#29 m:may",
		"sep 11":                         "m:september #11",
		"dec 1991":                       "m:december y1991",
		"ad campaign":                    "ad campaign",
		"May 330":                        "m:may y330",
		"c. 1190":                        "(c) y1190",
	})
}
