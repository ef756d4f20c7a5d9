package desk

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
	"footnote/knowledge/splice"
)

// A factForm is a fact as its form shows it. What stands in a file as the form would
// write it stays as it is there.
type factForm struct {
	ID          string
	Status      string
	AccordingTo string
	Topics      string // separated by commas
	Questions   []inLang
	Keywords    string
	Answer      []inLang
	Detail      []inLang
	Positions   []positionForm
	Dates       []dateForm
	People      string // one a line, other ways to write it after |
	Cites       []citeForm
	Related     string
	Images      []imageForm
	Support     string // why no quotation has the words of the answer
	Reviewed    string
}

// formKeys are the labels of a fact that the form shows. All others stay as they are.
var formKeys = []string{"id", "status", "according-to", "topics", "questions", "keywords", "answer", "detail", "positions", "dates", "people", "cites", "support", "images", "related", "reviewed"}

// An inLang is a text in one language.
type inLang struct{ Lang, Text string }

type positionForm struct {
	Holder string
	Claim  []inLang
	Date   string
	Cites  []citeForm
}

type imageForm struct {
	File, URL, Credit, License string
	Alt, Caption               []inLang
}

type dateForm struct {
	EDTF   string
	Label  []inLang
	Julian bool
}

type citeForm struct {
	Source, Label, Value         string
	Quote, Lang, Translation, By string
	Open                         bool // the quotation has a language or a translation
}

func (c citeForm) empty() bool { return c.Source == "" && c.Value == "" && c.Quote == "" }

// formOf returns the form of a fact as it stands in a file.
func formOf(o splice.Object, langs []string) factForm {
	f := factForm{
		ID: o.Text("id"), Status: o.Text("status"), AccordingTo: o.Text("according-to"),
		Topics: commas(o.Get("topics")), Keywords: commas(o.Get("keywords")), Related: commas(o.Get("related")),
		People: lines(o.Get("people")), Support: o.Text("support"), Reviewed: o.Text("reviewed"),
		Answer: textsOf(o.Get("answer"), langs), Detail: textsOf(o.Get("detail"), langs),
	}
	byLang, isMap := o.Get("questions").(splice.Object)
	for i, lang := range langs {
		q := inLang{Lang: lang}
		if isMap {
			q.Text = lines(byLang.Get(lang))
		} else if i == 0 {
			q.Text = lines(o.Get("questions"))
		}
		f.Questions = append(f.Questions, q)
	}
	for _, x := range objects(o.Get("positions")) {
		f.Positions = append(f.Positions, positionForm{x.Text("holder"), textsOf(x.Get("claim"), langs), x.Text("date"), citesOf(x.Get("cites"))})
	}
	for _, x := range objects(o.Get("dates")) {
		f.Dates = append(f.Dates, dateForm{x.Text("edtf"), textsOf(x.Get("label"), langs), x.Text("calendar") == "julian"})
	}
	for _, x := range objects(o.Get("images")) {
		f.Images = append(f.Images, imageForm{x.Text("file"), x.Text("url"), x.Text("credit"), x.Text("license"), textsOf(x.Get("alt"), langs), textsOf(x.Get("caption"), langs)})
	}
	f.Cites = citesOf(o.Get("cites"))
	return f
}

// objects are the maps of a list.
func objects(x any) []splice.Object {
	var out []splice.Object
	for _, y := range listOf(x) {
		if o, ok := y.(splice.Object); ok {
			out = append(out, o)
		}
	}
	return out
}

// commas returns a list on one line, with semicolons where an entry holds a comma.
func commas(x any) string {
	s, sep := lines(x), ", "
	if strings.Contains(s, ",") {
		sep = "; "
	}
	return strings.ReplaceAll(s, "\n", sep)
}

// textsOf returns a text in each language of the pack.
func textsOf(x any, langs []string) []inLang {
	var out []inLang
	for i, lang := range langs {
		t := inLang{Lang: lang}
		switch v := x.(type) {
		case string:
			if i == 0 {
				t.Text = strings.TrimSpace(v)
			}
		case splice.Object:
			t.Text = strings.TrimSpace(v.Text(lang))
		}
		out = append(out, t)
	}
	return out
}

// citesOf are the citations of a list.
func citesOf(x any) []citeForm {
	var out []citeForm
	for _, o := range objects(x) {
		c := citeForm{Source: o.Text("source"), Label: "page"}
		switch l := o.Get("locator").(type) {
		case string:
			c.Value = l
		case splice.Object:
			c.Label, c.Value = cmpOr(l.Text("label"), "page"), l.Text("value")
		}
		switch q := o.Get("quote").(type) {
		case string:
			c.Quote = strings.TrimSpace(q)
		case splice.Object:
			c.Quote, c.Lang, c.Translation, c.By, c.Open = strings.TrimSpace(q.Text("text")), q.Text("lang"), strings.TrimSpace(q.Text("translation")), q.Text("by"), true
		}
		out = append(out, c)
	}
	return out
}

// maxRows bounds how many citations, dates or positions are read of a form.
const maxRows = 200

// rows returns the numbers of the rows that a form holds under a prefix, in order.
func rows(form url.Values, prefix string) []int {
	seen := map[int]bool{}
	for key := range form {
		rest, ok := strings.CutPrefix(key, prefix+".")
		number, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); ok && err == nil && n >= 0 && n < 10*maxRows {
			seen[n] = true
		}
	}
	var out []int
	for n := range seen {
		out = append(out, n)
	}
	slices.Sort(out)
	return out[:min(len(out), maxRows)]
}

// readForm reads what somebody filled in. Dates are written as EDTF where what was typed
// is understood, and a place such as “chap. 3” is taken apart.
func readForm(form url.Values, langs []string) factForm {
	one := func(key string) string { return oneLine(form.Get(key)) }
	f := factForm{
		ID: one("id"), Status: one("status"), AccordingTo: one("according-to"), Topics: one("topics"), Keywords: one("keywords"),
		Related: one("related"), People: strings.Join(nonEmptyLines(form.Get("people")), "\n"), Support: one("support"), Reviewed: date(one("reviewed")),
	}
	each := func(prefix string, read func(string) string) []inLang {
		var out []inLang
		for _, lang := range langs {
			out = append(out, inLang{lang, read(form.Get(prefix + "." + lang))})
		}
		return out
	}
	f.Questions = each("questions", func(s string) string { return strings.Join(nonEmptyLines(s), "\n") })
	f.Answer = each("answer", oneLine)
	f.Detail = each("detail", paragraphs)
	for _, n := range rows(form, "dates") {
		at := fmt.Sprintf("dates.%d", n)
		d := dateForm{EDTF: date(one(at + ".edtf")), Label: each(at+".label", oneLine), Julian: form.Get(at+".julian") != ""}
		if d.EDTF != "" || !blank(d.Label) {
			f.Dates = append(f.Dates, d)
		}
	}
	for _, n := range rows(form, "images") {
		at := fmt.Sprintf("images.%d", n)
		x := imageForm{one(at + ".file"), one(at + ".url"), one(at + ".credit"), one(at + ".license"), each(at+".alt", oneLine), each(at+".caption", oneLine)}
		if x.File != "" || x.URL != "" || !blank(x.Alt) {
			f.Images = append(f.Images, x)
		}
	}
	f.Cites = readCites(form, "cites")
	for _, n := range rows(form, "positions") {
		at := fmt.Sprintf("positions.%d", n)
		p := positionForm{one(at + ".holder"), each(at+".claim", oneLine), date(one(at + ".date")), readCites(form, at+".cites")}
		if p.Holder != "" || !blank(p.Claim) || len(p.Cites) > 0 {
			f.Positions = append(f.Positions, p)
		}
	}
	return f
}

func readCites(form url.Values, prefix string) []citeForm {
	var out []citeForm
	for _, n := range rows(form, prefix) {
		one := func(key string) string { return oneLine(form.Get(fmt.Sprintf("%s.%d.%s", prefix, n, key))) }
		c := citeForm{Source: one("source"), Label: one("label"), Value: one("value"), Quote: one("quote"), Lang: one("lang"), Translation: one("translation"), By: one("by")}
		if c.empty() {
			continue
		}
		c.Label, c.Value = locator(cmpOr(c.Label, "page"), c.Value)
		c.Open = c.Lang != "" || c.Translation != "" || c.By != ""
		out = append(out, c)
	}
	return out
}

func blank(texts []inLang) bool {
	return !slices.ContainsFunc(texts, func(t inLang) bool { return t.Text != "" })
}

// date returns what was typed as EDTF, or as it is where it is not understood.
func date(typed string) string {
	if typed == "" || edtf.Date(typed).Check() == nil {
		return typed
	}
	return cmpOr(string(edtf.Guess(typed)), typed)
}

// locatorWords are how people begin a place that is no page, by the label that it has.
var locatorWords = map[string]string{
	"ch": "chapter", "chap": "chapter", "chapter": "chapter", "col": "column", "fol": "folio", "f": "folio", "folio": "folio", "l": "line", "line": "line",
	"n": "note", "note": "note", "fn": "note", "para": "paragraph", "pt": "part", "part": "part", "sec": "section", "section": "section", "§": "section",
	"vol": "volume", "volume": "volume", "fig": "figure", "art": "article-locator", "app": "appendix", "table": "table", "verse": "verse", "v": "verse",
	"s.v": "sub-verbo", "entry": "entry", "p": "page", "pp": "page", "page": "page", "pages": "page", "s": "page", "с": "page", "стр": "page",
}

var locatorStart = regexp.MustCompile(`^(\pL+(?:\.\pL)?|§)\.?\s*([0-9ivxlcIVXLC«"“].*)$`)

// locator returns the label and value of a place as it was typed: “chap. 3” names its
// label itself.
func locator(label, value string) (string, string) {
	m := locatorStart.FindStringSubmatch(value)
	if m == nil {
		return label, value
	}
	if named := locatorWords[strings.ToLower(m[1])]; named != "" && (label == "page" || label == named) {
		return named, m[2]
	}
	return label, value
}

// object returns the fact as it is to stand in its file. old is the fact as it stands
// there: what means the same is left as it is, and labels that the form does not know stay.
func (f factForm) object(old splice.Object, langs []string) splice.Object {
	o := splice.Object{{Key: "id", Value: f.ID}}
	put := func(key string, value any) { o.Put(key, kept(old, key, value)) }
	put("status", f.Status)
	put("according-to", f.AccordingTo)
	put("topics", splitCommas(f.Topics))
	put("questions", f.questions(old, langs))
	put("keywords", splitCommas(f.Keywords))
	if v := kept(old, "answer", byLang(f.Answer, langs)); v != nil && v != "" {
		o.Put("answer", v)
	} else {
		o = append(o, splice.Member{Key: "answer", Value: ""}) // asked for by its being there
	}
	put("detail", byLang(f.Detail, langs))
	put("positions", f.positions(objects(old.Get("positions")), langs))
	put("dates", f.dates(objects(old.Get("dates")), langs))
	put("people", f.people())
	put("cites", citeList(f.Cites, objects(old.Get("cites"))))
	put("support", f.Support)
	put("images", f.images(objects(old.Get("images")), langs))
	put("related", splitCommas(f.Related))
	put("reviewed", f.Reviewed)
	for _, m := range old {
		if !o.Has(m.Key) && !slices.Contains(formKeys, m.Key) {
			o = append(o, m)
		}
	}
	return o
}

// kept returns what stands in a file already, if value says the same but for blanks and
// breaks of lines.
func kept(old splice.Object, key string, value any) any {
	if was := old.Get(key); alike(was, value) {
		return was
	}
	return value
}

// alike reports whether two values say the same but for blanks.
func alike(a, b any) bool {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && oneLine(x) == oneLine(y)
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, alike)
	case splice.Object:
		y, ok := b.(splice.Object)
		if !ok || len(x) != len(y) {
			return false
		}
		for _, m := range x {
			if !y.Has(m.Key) || !alike(m.Value, y.Get(m.Key)) {
				return false
			}
		}
		return true
	}
	return a == nil && (b == nil || b == "")
}

func splitCommas(s string) []any {
	var out []any
	sep := ","
	if strings.Contains(s, ";") {
		sep = ";"
	}
	for part := range strings.SplitSeq(s, sep) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, any(part)) {
			out = append(out, part)
		}
	}
	return out
}

// byLang returns a text alone where it is in the main language only, else by language.
func byLang(texts []inLang, langs []string) any {
	var o splice.Object
	for _, t := range texts {
		o.Put(t.Lang, t.Text)
	}
	switch {
	case len(o) == 0:
		return nil
	case len(o) == 1 && o[0].Key == langs[0]:
		return o[0].Value
	}
	return o
}

func (f factForm) questions(old splice.Object, langs []string) any {
	var o splice.Object
	for _, q := range f.Questions {
		o.Put(q.Lang, splice.Texts(nonEmptyLines(q.Text)))
	}
	_, wasMap := old.Get("questions").(splice.Object)
	switch {
	case len(o) == 0:
		return nil
	case len(o) == 1 && o[0].Key == langs[0] && !wasMap:
		return o[0].Value
	}
	return o
}

func (f factForm) people() []any {
	var out []any
	for _, line := range nonEmptyLines(f.People) {
		var ways []any
		for way := range strings.SplitSeq(line, "|") {
			if way = strings.TrimSpace(way); way != "" {
				ways = append(ways, way)
			}
		}
		switch len(ways) {
		case 0:
		case 1:
			out = append(out, ways[0])
		default:
			out = append(out, ways)
		}
	}
	return out
}

func (f factForm) dates(old []splice.Object, langs []string) []any {
	var out []any
	for i, d := range f.Dates {
		var o splice.Object
		o.Put("edtf", d.EDTF)
		o.Put("label", byLang(d.Label, langs))
		if d.Julian {
			o.Put("calendar", "julian")
		} else if i < len(old) && old[i].Text("calendar") == "gregorian" {
			o.Put("calendar", "gregorian")
		}
		out = append(out, o)
	}
	return out
}

func (f factForm) images(old []splice.Object, langs []string) []any {
	var out []any
	for i, x := range f.Images {
		var was, o splice.Object
		if i < len(old) {
			was = old[i]
		}
		o.Put("file", x.File)
		o.Put("url", x.URL)
		o.Put("alt", kept(was, "alt", byLang(x.Alt, langs)))
		o.Put("caption", kept(was, "caption", byLang(x.Caption, langs)))
		o.Put("credit", x.Credit)
		o.Put("license", x.License)
		out = append(out, o)
	}
	return out
}

func (f factForm) positions(old []splice.Object, langs []string) []any {
	var out []any
	for i, p := range f.Positions {
		var was splice.Object
		if i < len(old) {
			was = old[i]
		}
		var o splice.Object
		o.Put("holder", p.Holder)
		o.Put("claim", kept(was, "claim", byLang(p.Claim, langs)))
		o.Put("date", p.Date)
		o.Put("cites", citeList(p.Cites, objects(was.Get("cites"))))
		out = append(out, o)
	}
	return out
}

// citeList returns citations as a file has them. A place is written as it was where it
// says the same: 12, {value: 12} and {label: page, value: 12} are one.
func citeList(cites []citeForm, old []splice.Object) []any {
	var out []any
	for i, c := range cites {
		var was splice.Object
		if i < len(old) {
			was = old[i]
		}
		var o splice.Object
		o.Put("source", c.Source)
		if c.Value != "" {
			var place any = splice.Object{{Key: "label", Value: c.Label}, {Key: "value", Value: c.Value}}
			if before := citesOf(splice.Object{{Key: "source", Value: "x"}, {Key: "locator", Value: was.Get("locator")}}); len(before) == 1 && before[0].Label == c.Label && before[0].Value == c.Value {
				place = was.Get("locator")
			}
			o.Put("locator", place)
		}
		switch {
		case c.Lang == "" && c.Translation == "" && c.By == "":
			if q, isMap := was.Get("quote").(splice.Object); isMap && len(q) == 1 && oneLine(q.Text("text")) == c.Quote {
				o.Put("quote", q)
				break
			}
			o.Put("quote", kept(was, "quote", c.Quote))
		default:
			q := splice.Object{{Key: "text", Value: c.Quote}}
			q.Put("lang", c.Lang)
			q.Put("translation", c.Translation)
			q.Put("by", c.By)
			o.Put("quote", kept(was, "quote", q))
		}
		out = append(out, o)
	}
	return out
}

// locatorLabels are the labels that a place may have, those that are used most first.
func locatorLabels() []string {
	often := []string{"page", "chapter", "note", "folio", "section", "paragraph", "volume", "line", "column"}
	for _, l := range csl.LocatorLabels() {
		if !slices.Contains(often, l) {
			often = append(often, l)
		}
	}
	return often
}
