package language

import (
	"slices"
	"strings"
)

// How people write Russian in Latin letters, the longest first.
var fromLatin = strings.NewReplacer(pairs(`aya ая oya оя iya ия uya уя yaya яя oye ое eye ее iye ие yye ые uyu ую oyu ою eyu ею iyu ию ayu аю yy ый shch щ sch щ zh ж kh х ch ч sh ш ts ц tz ц yu ю ju ю iu ю ya я ja я yo ё jo ё ye е je е ij ий yj ый iy ий oj ой oy ой oi ой aj ай ay ай ej ей ey ей uj уй
a а b б v в w в g г d д e е z з i и j й k к l л m м n н o о p п r р s с t т u у f ф h х c ц y ы x кс q к ' ь`)...)

func pairs(words string) []string { return strings.Fields(words) }

// Cyrillic is text in Latin letters as Russian.
func Cyrillic(text string) string { return withSoftSigns(fromLatin.Replace(strings.ToLower(text))) }

// Ways to write a Russian letter in Latin letters; the first is the usual one.
var toLatin = map[rune][]string{
	'а': {"a"}, 'б': {"b"}, 'в': {"v"}, 'г': {"g"}, 'д': {"d"}, 'е': {"e"}, 'ж': {"zh"}, 'з': {"z"}, 'и': {"i"}, 'й': {"y", "j", "i"}, 'к': {"k"}, 'л': {"l"}, 'м': {"m"},
	'н': {"n"}, 'о': {"o"}, 'п': {"p"}, 'р': {"r"}, 'с': {"s"}, 'т': {"t"}, 'у': {"u"}, 'ф': {"f"}, 'х': {"kh", "h"}, 'ц': {"ts", "c"}, 'ч': {"ch"}, 'ш': {"sh"}, 'щ': {"shch"},
	'ъ': {""}, 'ы': {"y"}, 'ь': {""}, 'э': {"e"}, 'ю': {"yu", "u"}, 'я': {"ya", "ja"}, 'і': {"i"}, 'ї': {"i", "yi"}, 'є': {"ie", "ye"}, 'ґ': {"g"},
}

// inLatin are the ways to write a folded word in Latin letters.
func inLatin(w string) []string {
	out := []string{""}
	before := ' '
	for _, r := range w {
		ways, ok := toLatin[r]
		if !ok {
			ways = []string{string(r)}
		}
		if r == 'и' && strings.ContainsRune("аеиоуыэюя", before) {
			ways = toLatin['й'] // as it may have been
		}
		before = r
		var next []string
		for _, o := range out {
			for _, x := range ways {
				next = append(next, o+x)
			}
		}
		if out = next; len(out) > 32 {
			out = out[:32]
		}
	}
	if strings.HasPrefix(w, "что") { // it is said so
		out = append(out, "shto"+strings.TrimPrefix(out[0], "chto"))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Latin is a word in Latin letters, in the usual way.
func Latin(w string) string {
	var b strings.Builder
	for _, r := range w {
		if ways, ok := toLatin[r]; ok {
			b.WriteString(ways[0])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// AsRussian is a Ukrainian text with letters and frequent words as in Russian, for an encoder
// that knows Russian and not Ukrainian.
func AsRussian(text string) string {
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words {
		bare := strings.Trim(w, "?!.,;:«»\"()")
		if r, ok := ukrainian[bare]; ok {
			words[i] = strings.Replace(w, bare, r, 1)
		} else {
			words[i] = ukrainianLetters.Replace(w)
		}
	}
	return strings.Join(words, " ")
}

var ukrainianLetters = strings.NewReplacer("і", "и", "ї", "и", "є", "е", "ґ", "г", "'", "ъ", "’", "ъ", "ʼ", "ъ", "йо", "ё")

var ukrainian = func() map[string]string {
	m := map[string]string{}
	p := pairs(`хто кто що что коли когда де где звідки откуда куди куда чому почему навіщо зачем як как скільки сколько який какой яка какая яке какое які какие якого какого якому каком якій какой якою какой яким каким яких каких
чий чей був был була была було было були были є есть з с із из зі с та и й и або или але но від от після после під под над над між между щоб чтобы якщо если цей этот ця эта це это ці эти цього этого цьому этом той тот ті те він он вона она воно оно вони они
його его її ее їх их йому ему своє свое свій свой своїх своих рік год року года році году роки годы років лет місто город місті городе країна страна країни страны помер умер померла умерла померли умерли загинув погиб загинуло погибло народився родился народилася родилась
збудував построил побудував построил збудували построили побудували построили заснував основал заснували основали написав написал сказав сказал зробив сделал відкрив открыл відкрили открыли закрив закрыл закрили закрыли війна война війни войны перемога победа перемогла победила переміг победил
дружина жена дружину жену чоловік муж батько отец мати мать син сын донька дочь дитина ребенок діти дети люди люди людей людей хлопець парень останній последний перший первый перша первая найбільший крупнейший наступник преемник століття век столітті веке січень январь лютий февраль
березень март квітень апрель травень май червень июнь липень июль серпень август вересень сентябрь жовтень октябрь листопад ноябрь грудень декабрь січня января лютого февраля березня марта квітня апреля травня мая червня июня липня июля серпня августа вересня сентября жовтня октября листопада ноября грудня декабря
тиждень неделя гроші деньги коштувала стоила коштував стоил коштувало стоило потяг поезд залізниця железная_дорога лікарня больница лікарні больницы лікар врач церква церковь монастир монастырь ченці монахи чернець монах корабель корабль кораблі корабли річка река річки реки міст мост острів остров
будинок дом будівля здание вбивство убийство вбили убили вбив убил вкрали украли вибори выборы уряд правительство держава государство назва название називається называется називали называли`)
	for i := 0; i+1 < len(p); i += 2 {
		m[p[i]] = strings.ReplaceAll(p[i+1], "_", " ")
	}
	return m
}()

// Skeleton is what names have in common however they are written: Щербаков, Schtscherbakow
// and Chtcherbakov come close to each other.
func Skeleton(w string) string {
	var b strings.Builder
	for _, r := range fold(w) {
		if l, ok := rough[r]; ok {
			b.WriteString(l)
		} else {
			b.WriteRune(r)
		}
	}
	s := alike.Replace(b.String())
	var out []byte
	for i := range len(s) { // doubled letters are one
		if i == 0 || s[i] != s[i-1] {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// rough is each Cyrillic letter as the skeleton has it; marks are off by then.
var rough = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "z", 'з': "z", 'и': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s",
	'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "c", 'ш': "s", 'щ': "s", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "u", 'я': "a", 'і': "i", 'є': "e", 'ґ': "g",
}

// alike are spellings of the same sounds, the longest first.
var alike = strings.NewReplacer(pairs(`schtsch s chtch s shch s szcz s sci s sce se jr hr tsch c tch c sch s sz s cz c kh h ch h sh s zh z ts c tz c ph f th t ck k qu k dj z gh g rh r oe o ae e ou u
j i y i w v x ks q k iu u ia a ie e`)...)

// SpokenSkeleton is what a name that is written in English has in common with how other languages
// spell its sound: Vane is Вейн, Dunmoor Данмур.
func SpokenSkeleton(w string) string {
	w = " " + fold(w) + " "
	if i := len(w) - 3; i > 2 && w[i+1] == 'e' && !isVowel(w[i]) && w[i] != 'r' && (isVowel(w[i-1]) || w[i-1] == 'y') { // a silent e
		long := map[byte]string{'a': "ei", 'i': "Y", 'e': "i"}[w[i-1]]
		if long == "" || isVowel(w[i-2]) {
			long = w[i-1 : i]
		}
		last := w[i : i+1]
		if last == "c" {
			last = "s"
		}
		w = w[:i-1] + long + last + " "
	}
	return Skeleton(strings.TrimSpace(closed(englishSounds.Replace(w))))
}

func isVowel(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }

// closed writes u as a where it stands before consonants alone: Dun-.
func closed(w string) string {
	b := []byte(w)
	for i := 1; i+2 < len(b); i++ {
		if b[i] == 'u' && !isVowel(b[i-1]) && !isVowel(b[i+1]) && !isVowel(b[i+2]) && b[i-1] != ' ' {
			b[i] = 'a'
		}
	}
	return longVowels.Replace(string(b))
}

// englishSounds are spellings of English and what other languages write for their sounds, the longest
// first. What is written in capitals stays as it is until the end.
var englishSounds = strings.NewReplacer("eigh ", "i ", "leigh", "li", "igh", "Y", "ough", "o", "augh", "o", "tch", "c", "oo", "U", "ee", "i", "ea", "i", "ai", "ei", "ay", "ei", "ey ", "i ", "mere ", "mir ",
	"ow ", "ou ", "aw", "o", "au", "o", "wh", "U", "w", "U", "ce", "se", "ci", "si", "cy", "si", "sch", "s", "ch", "c", "ck", "k", "c", "k", "dge", "dz", "j", "dz", "ur", "er", "ir", "er", "qu", "kU")

var longVowels = strings.NewReplacer("U", "u", "Y", "ai")
