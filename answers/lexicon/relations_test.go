package lexicon

import (
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// expected are pairs as questions put them, by relation.
var expected = map[Relation]string{
	Same: `fell fall, won win, children child, born bear, built build, fought fight, led lead, began begin,
		lost lose, died die, dying die, left leave, took take, wrote written, chosen choose, slain slay,
		overthrew overthrow, withdrew withdraw, besieged besiege, married marry, cities city, armies army,
		wives wife, men man, englishmen englishman, noblewomen noblewoman, churches church, heroes hero,
		crises crisis, larger large, largest large, earlier early, oldest old, best good, worse bad,
		hoping hope, planned plan, occupied occupy, controlled control, founded found, buildings building,
		normans norman, turks turk, treaties treaty, fled flee, sank sink, sworn swear, forbade forbid,
		zeppelin zeppelin, agreed agree, freed free, tied tie, panicked panic, thieves thief, painted painting, vikings viking, ally allied, soviets soviet, ottomans ottoman`,
	Synonym: `invade invasion, invasion invader, invaded invaders, destroy destruction, die death, died death,
		born birth, marry marriage, married wedding, elect election, rebel rebellion, rebelled rebellions,
		crowned coronation, found foundation, founder foundation, founded established, founder founded,
		started began, ended finished, finish end, conquer conquest, conqueror conquered, discover discovery,
		assassin assassinated, emigrated emigration, baptized baptism, buried burial, reigned ruled, ruler ruled,
		arrived arrival, departed departure, victory triumph, revolt uprising, rebellion uprising,
		invented inventor, composer composed, architecture architect, translated translator,
		executed execution, exiled banishment, abolished abolition, succeeded successor, governed governor,
		defended defense, attack assault, aid help, big large, biggest largest, last final,
		iran iranian, england english, warsaw varsovian, poland polish, poles poland, prussia prussian,
		byzantium byzantine, persia persian, normandy normans, ussr soviet, hittites hatti, saxony saxon,
		castile castilian, rome romans, france french, netherlands dutch, scotland scots, venice venetian,
		stalin stalinist, napoleon napoleonic, elizabeth elizabethan, athens athenians,
		king royal, pope papal, pope pontiff, emperor imperial, east eastern, colour color, defence defense,
		gas petrol, licence license, war warfare, buy purchase, author writer, nation country,
		strength strong, long length, high height, economic economy, religious religion, centre center`,
	Antonym: `first last, before after, born died, birth death, built destroyed, construction destruction,
		founded dissolved, gained lost, victory defeat, attacked defended, attackers defenders, entered left,
		accepted rejected, husband wife, father mother, sons daughters, king queen, brothers sisters,
		predecessor successor, preceded succeeded, north south, northern southern, east west, earliest latest,
		rise fall, rose fell, increased decreased, captured lost, married divorced, marriage divorce,
		rich poor, richest poorest, largest smallest, larger smaller, won lost, winner loser, win lose,
		began ended, start finish, beginning end, open close, opened closed, opening closing, import export,
		imports exports, arrived departed, arrival departure, emigrated immigrated, advance retreat,
		friend enemy, ally enemy, war peace, significance insignificance, legal illegal, known unknown,
		successful unsuccessful, popular unpopular, equal unequal, justice injustice, dependence independence,
		agree disagree, appeared disappeared, armed unarmed, loyal disloyal, violent nonviolent,
		minimum maximum, majority minority, buyer seller, creditor debtor, ancestor descendant, monk nun,
		success failure, male female, public private, urban rural, old new, younger older, strong weak,
		united divided, freedom slavery, crowned deposed, invaded defended, ascended descended, vast small,
		important unimportant, military civilian, inside outside, upper lower, hired fired, joined left`,
	Sister: `summer winter, six seven, first second, third fourth, two ten, poland iran, france germany,
		polish german, english french, paris warsaw, normandy saxony, monday tuesday, june july, april october,
		oil coal, gold silver, iron copper, red blue, infantry cavalry, duke earl`,
	Broader: `cathedral church, war conflict, king ruler, car vehicle, treaty agreement, oak tree, ship vessel, bishop priest,
		huge large, poland country, warsaw city, assassinate kill, edict proclamation, gasoline fuel`,
	None: `king castle, war river, wife mother, evening even, number numb, forest fore, species specie,
		physics physic, tower tow, corner corn, built bridge, treaty river, church soldier, paris england,
		warsaw poland, stalin lenin, lincoln washington, wales whale, jamesy james,
		discover cover, famous infamous, union ion, import port, display play, disease ease,
		hundred hundreds-of, hop hope, hopped hoping, rated rat, caring car, seed see, feed fee, need knee,
		bridge century, oil queen, army painting, plague novel, city emperor, when where, university universe,
		composer general, revolution bishop, price opened, mayor symphony, harvest parliament`,
}

func TestBetween(t *testing.T) {
	r := EnglishRelations()
	n := 0
	for want, list := range expected {
		for p := range strings.SplitSeq(list, ",") {
			a, b, ok := strings.Cut(strings.TrimSpace(p), " ")
			if !ok {
				t.Fatalf("no pair: %q", p)
			}
			n++
			got, back := r.Between(a, b), r.Between(b, a)
			if got != want {
				t.Errorf("%s, %s: %v, want %v (%v, %v)", a, b, got, want, r.Lemmas(a), r.Lemmas(b))
			}
			if got != back {
				t.Errorf("%s, %s: %v, but %v the other way round", a, b, got, back)
			}
		}
	}
	if n < 300 {
		t.Errorf("%d pairs", n)
	}
}

// Numbers and ordinals are never synonyms of each other.
func TestNumbers(t *testing.T) {
	r := EnglishRelations()
	words := strings.Fields("one two three five eight ten twelve twenty hundred thousand first second third fifth tenth twentieth hundredth")
	for _, a := range words {
		for _, b := range words {
			if got := r.Between(a, b); a != b && got != Sister {
				t.Errorf("%s, %s: %v", a, b, got)
			}
		}
	}
}

// Two words drawn at random are hardly ever synonyms.
func TestUnrelated(t *testing.T) {
	const (
		draws    = 300_000
		common   = 100    // the words before are function words
		content  = 20_000 // and past this mostly names
		synonyms = 0.001
		opposite = 0.0005
	)
	r, l := EnglishRelations(), English()
	random := rand.New(rand.NewSource(1))
	known, found := 0, [len(relationNames)]int{}
	for range draws {
		a, b := l.Word(common+random.Intn(content)), l.Word(common+random.Intn(content))
		if a == b || len(r.Lemmas(a)) == 0 || len(r.Lemmas(b)) == 0 {
			continue
		}
		known++
		found[r.Between(a, b)]++
	}
	for i, n := range found {
		t.Logf("%v: %.3f %%", Relation(i), 100*float64(n)/float64(known))
	}
	if share := float64(found[Synonym]) / float64(known); share >= synonyms {
		t.Errorf("%.5f of unrelated words are synonyms", share)
	}
	if share := float64(found[Antonym]) / float64(known); share >= opposite {
		t.Errorf("%.5f of unrelated words are opposites", share)
	}
}

func TestLemmas(t *testing.T) {
	r := EnglishRelations()
	for word, want := range map[string]string{
		"fell": "fall fell", "found": "find found", "left": "leave left", "saw": "saw see", "axes": "ax axe axis",
		"patrolled": "patrol", "hoping": "hope", "hopping": "hop", "hopped": "hop", "planed": "plane",
		"ladies": "lady", "ties": "tie", "boxes": "box", "heroes": "hero", "gases": "gas", "buses": "bus",
		"happier": "happy", "bigger": "big bigger", "tower": "tower", "evening": "evening", "athens": "athens", "wales": "wales",
		"statesmen": "statesman", "iranians": "iranian", "xyzzy": "", "": "", "ing": "",
	} {
		if got := strings.Join(slices.Sorted(slices.Values(r.Lemmas(word))), " "); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

func TestRole(t *testing.T) {
	r := EnglishRelations()
	for word, want := range map[string]Role{
		"wife": Kin, "mothers": Kin, "architect": Maker, "authors": Maker, "mayor": Office, "kings": Office,
		"born": LifeEvent, "died": LifeEvent, "buried": LifeEvent, "opened": BuildEvent, "destroyed": BuildEvent,
		"successor": Succession, "river": NoRole, "xyzzy": NoRole,
	} {
		if got := r.Role(word); got != want {
			t.Errorf("%s: %v, want %v", word, got, want)
		}
	}
}

// Whatever the word, the base forms are few, known and the same each time.
func FuzzLemmas(f *testing.F) {
	for _, w := range []string{"fell", "cancelled", "", "ied", "ss", "eed", strings.Repeat("a", 99) + "ing", "\xff\xfeing", "élysées"} {
		f.Add(w)
	}
	r := EnglishRelations()
	f.Fuzz(func(t *testing.T, word string) {
		got := r.Lemmas(word)
		if len(got) > maxLemmas || !slices.Equal(got, r.Lemmas(word)) {
			t.Errorf("%q: %q", word, got)
		}
		for i, w := range got {
			if r.table.find(w) < 0 || slices.Contains(got[:i], w) {
				t.Errorf("%q: %q", word, got)
			}
		}
	})
}

// The embedded file is well formed: ids are in range, and no pair is both.
func TestEmbeddedRelations(t *testing.T) {
	r := EnglishRelations()
	if !slices.IsSorted(r.words) || len(packedRelations) > 600_000 {
		t.Errorf("words sorted: %v; %d bytes", slices.IsSorted(r.words), len(packedRelations))
	}
	for name, l := range map[string]*lists{"synonyms": &r.synonyms, "antonyms": &r.antonyms} {
		for i := range r.words {
			if !slices.IsSorted(l.of(uint16(i))) {
				t.Errorf("%s of %s: not in rising order", name, r.words[i])
			}
			for _, j := range l.of(uint16(i)) {
				if int(j) >= len(r.words) || int(j) == i || !contains(l.of(j), uint16(i)) {
					t.Errorf("%s of %s: id %d", name, r.words[i], j)
				}
				if l == &r.synonyms && contains(r.antonyms.of(uint16(i)), j) {
					t.Errorf("%s, %s: both", r.words[i], r.words[j])
				}
			}
		}
	}
	for name, l := range map[string]*lists{"names": &r.names, "under": &r.under, "up": &r.up, "higher": &r.higher} {
		for _, c := range l.ids {
			if int(c) >= len(r.wide) {
				t.Errorf("%s: no concept %d", name, c)
			}
		}
	}
	for _, role := range r.roles {
		if int(role) >= len(roleNames) {
			t.Errorf("no role %d", role)
		}
	}
}

func TestDecodeDamaged(t *testing.T) {
	for _, data := range [][]byte{nil, []byte("word relations 1\n"), []byte("word relations 1\n\x05\x00\x01a")} {
		if _, err := decodeRelations(data); err == nil {
			t.Errorf("%q: no error", data)
		}
	}
}

func TestBetweenAllocatesNothing(t *testing.T) {
	r := EnglishRelations()
	if n := testing.AllocsPerRun(100, func() { r.Between("rebelled", "uprisings"); r.Between("hoping", "cancelled") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkBetween(b *testing.B) {
	r := EnglishRelations()
	l := English()
	var words [1024]string
	random := rand.New(rand.NewSource(1))
	for i := range words {
		words[i] = l.Word(1 + random.Intn(20_000))
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		r.Between(words[i&1023], words[(i*7+3)&1023])
		i++
	}
}

func BenchmarkDecodeRelations(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := unpackRelations()
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		unpackRelations()
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-kept")
	runtime.KeepAlive(kept)
}

func BenchmarkDecodeWords(b *testing.B) {
	for b.Loop() {
		unpackWords()
	}
}

func BenchmarkKnows(b *testing.B) {
	l := English()
	for b.Loop() {
		l.Knows("constantinoplf")
	}
}
