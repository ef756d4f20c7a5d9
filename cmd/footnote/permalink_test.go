package main

import (
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
)

// coins are the sources that a page tells reference managers of.
func coins(page string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`class="Z3988" title="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		all = append(all, html.UnescapeString(m[1]))
	}
	return all
}

// TestPermalinkOfAChat: /source on either platform links to the page of the fact in its version,
// and there, in the exported site and in the live one, stand the answer, its citations and what
// Zotero reads.
func TestPermalinkOfAChat(t *testing.T) {
	const pack, site, question = "testdata/both", "https://facts.example/sandvik", "When was the quay of Sandvik built?"
	dir := filepath.Join(t.TempDir(), "public")
	if _, errs, code := runFootnote(t, "", "export", "--format", "site", pack, "--out", dir, "--base-url", site); code != exitOK {
		t.Fatalf("%d %s", code, errs)
	}
	base, err := knowledge.Open(pack)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(base.Facts(), func(f *knowledge.Fact) bool { return f.Questions[0].Text == question })
	f := base.Facts()[i]
	var want []string
	for _, c := range f.AllCites() {
		want = append(want, c.Source.OpenURL(c.Locator))
	}

	b := serveBoth(t, pack, "FOOTNOTE_WEB_URL="+site, "FOOTNOTE_WEB_ENABLED=true", "FOOTNOTE_LISTEN=127.0.0.1:0", "FOOTNOTE_MATCHER_ENCODER=off")
	b.says(question)
	b.says("/source")
	onTelegram, onDiscord := b.peer.Sent()[b.n-1], b.guild.Sent()[b.n-1]
	live := b.served.address(t)
	for platform, text := range map[string]string{"Telegram": onTelegram.Raw, "Discord": onDiscord.Content + onDiscord.Look} {
		link := regexp.MustCompile(regexp.QuoteMeta(site) + `/(f/[^"<>)\s]+)`).FindStringSubmatch(text)
		if link == nil {
			t.Errorf("%s: no permalink in %s", platform, text)
			continue
		}
		path, err := url.PathUnescape(link[1])
		if err != nil || path != "f/"+f.ID+"@"+f.Pack.Version+"/" {
			t.Errorf("%s links to %q, %v", platform, path, err)
		}
		exported, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path), "index.html"))
		if err != nil {
			t.Errorf("%s: the permalink is no page of the site: %v", platform, err)
			continue
		}
		status, served := get(t, live+"/"+link[1])
		if status != 200 {
			t.Errorf("%s: the live page has status %d", platform, status)
		}
		for where, page := range map[string]string{"exported": string(exported), "live": served} {
			if got := coins(page); !slices.Equal(got, want) {
				t.Errorf("%s, %s: COinS %q, want %q", platform, where, got, want)
			}
			read := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, "")
			for _, w := range []string{f.Answer.In("en"), f.AllCites()[0].Citation().Full.String(), f.ID} {
				if !strings.Contains(html.UnescapeString(read), w) {
					t.Errorf("%s: the %s page lacks %q", platform, where, w)
				}
			}
		}
	}
}
