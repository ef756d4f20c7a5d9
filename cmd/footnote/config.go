package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"footnote/bot/discord"
	"footnote/bot/ledger"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/knowledge/strictyaml"
)

// Config is what an operator can set. config.example.yaml shows every key with
// the values of defaults, and a test holds the two together.
type Config struct {
	File string // the configuration file that was read; empty if none was

	Discord struct {
		Token      platform.Secret
		Endpoint   string // REST base without version; requests go to Endpoint/vN/…
		APIVersion int
		Shards     int    // connections that share the servers; as many as Discord says if 0
		PublicKey  string // of the application: interactions come over HTTP; over the gateway if empty
	}
	Telegram struct {
		Token    platform.Secret
		Endpoint string // requests go to Endpoint/bot<token>/method
		Webhook  string // the address at which Telegram reaches Listen; polls if empty
	}
	Knowledge []string        // pack folders; the embedded pack if empty
	State     string          // folder of what outlives a restart; beside a database, of what is this process's alone
	Database  platform.Secret // address of the database that holds what outlives a restart; none if empty
	StateKey  platform.Secret // what a database's codes are made with, in hexadecimal digits
	Local     string          // the key state-local, which State is with a database
	Listen    string          // HOST:PORT of the HTTP listener; none if empty
	Matcher   struct {
		Encoder string // on, english or off
		Caution string // low, normal or high: how much must speak for an answer
		Cache   string // folder of what was learned from packs; learnedFolder if empty
	}
	Log struct {
		Level  string // debug, info, warn, error
		Format string // text, json
	}
	Limits struct {
		PersonPerMinute int // questions answered; 0 is no limit
		ChatPerMinute   int
	}
	Ledger struct {
		Path      string        // the file of what became of questions; none is kept if empty
		InState   bool          // it is kept where the state is
		Questions string        // on or off: their words, where people allow it
		Retention time.Duration // what is older is deleted
	}
	Web struct {
		Enabled        bool     // the site is served at Listen, and can be asked
		URL            string   // where the site of the packs is; empty if there is none
		FrameAncestors []string // where the page to ask on may stand in a frame
		AddressHeader  string   // in which a proxy tells the client's address; none if empty
	}
	Curators struct {
		Discord  string // the channel where reports and questions for the curators go; none if empty
		Telegram string // the same: a chat's number
		Desk     bool   // they wait at the desk
	}
	Serve struct {
		KeepGoing bool // other platforms go on when one fails for good
		Refetch   int  // minutes after which archives at addresses without a hash are asked for again; 0 is never
		Profile   bool // Go's profiles are served at the listener, to this machine
	}
}

func defaults() Config {
	var c Config
	c.Discord.Endpoint = "https://discord.com/api"
	c.Discord.APIVersion = 9 // the version the Discord library speaks
	c.Telegram.Endpoint = "https://api.telegram.org"
	c.State = "state"
	c.Matcher.Encoder = "on"
	c.Matcher.Caution = "normal"
	c.Log.Level = "info"
	c.Log.Format = "text"
	// A person who reads the answers stays far below ten a minute; twenty is
	// what Telegram lets a bot send to a group.
	c.Limits.PersonPerMinute = 10
	c.Limits.ChatPerMinute = 20
	c.Serve.Refetch = 5
	c.Ledger.Questions = "off"
	c.Ledger.Retention = ledger.DefaultRetention
	return c
}

// configFile is read from the working folder when no --config is given.
const configFile = "config.yaml"

// envPrefix begins the variables that set keys.
const envPrefix = "FOOTNOTE_"

// variable is the environment variable of a key.
func variable(key string) string {
	return envPrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(key))
}

// loadConfig layers the file at path (configFile if path is empty and there is
// one) and the environment over the defaults. What is wrong or doubtful goes to
// rep with its place: a line of the file, or the name of the variable. found is what
// the file sets if nobody named it: whoever made the folder may have put it there.
func loadConfig(path string, env []string, rep *strictyaml.Report) (c Config, found []entry) {
	c = defaults()
	var set []entry // what the file sets
	switch {
	case path != "":
		c.File = path
		set = fromFile(path, rep)
	case exists(configFile) && exists("pack.yaml"):
		rep.Add(strictyaml.Problem{Severity: strictyaml.Warning, File: configFile,
			Message: "this file lies in the folder of a pack, whose author may have put it there, and is not read; if it is yours, name it: --config " + configFile})
	case exists(configFile):
		c.File = configFile
		found = fromFile(configFile, rep)
		set = found
	}
	apply(&c, set, rep)
	if c.File != "" && (c.Discord.Token.IsSet() || c.Telegram.Token.IsSet() || c.Database.IsSet() || c.StateKey.IsSet()) {
		if warning := openToOthers(c.File, slices.ContainsFunc(set, entry.isSecret)); warning != "" {
			rep.Add(strictyaml.Problem{Severity: strictyaml.Warning, File: c.File, Message: warning})
		}
	}
	apply(&c, fromEnvironment(env, rep), rep)
	c.settle(rep)
	return c, found
}

// isSecret reports whether e holds a secret itself, and not the name of a file that does.
func (e entry) isSecret() bool {
	switch e.key {
	case "discord.token", "telegram.token", "state-key":
		return true
	case "state":
		return len(e.values) == 1 && strings.Contains(e.values[0], "://")
	}
	return false
}

// openToOthers says what others may do with a file that decides about a token, or holds one;
// nothing if that is nothing.
func openToOthers(path string, holds bool) string {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	const read, write = 0o044, 0o022
	switch mode := info.Mode().Perm(); {
	case mode&write != 0:
		return fmt.Sprintf("others on this machine can write %q, which decides about a token; chmod 600 keeps it to its owner", path)
	case holds && mode&read != 0:
		return fmt.Sprintf("others on this machine can read the token in %q; chmod 600 keeps it to its owner", path)
	}
	return ""
}

// guardTokens refuses an address that stands in a file which nobody named, for a token
// that does not stand there: a folder that somebody made must not decide where the
// operator's token goes.
func guardTokens(c Config, found []entry, rep *strictyaml.Report) {
	for _, p := range []struct {
		platform        string
		token           platform.Secret
		endpoint, usual string
	}{
		{"discord", c.Discord.Token, c.Discord.Endpoint, defaults().Discord.Endpoint},
		{"telegram", c.Telegram.Token, c.Telegram.Endpoint, defaults().Telegram.Endpoint},
	} {
		if !p.token.IsSet() || p.endpoint == p.usual {
			continue
		}
		of := func(key string) *entry {
			i := slices.IndexFunc(found, func(e entry) bool { return e.key == key && len(e.values) == 1 })
			if i < 0 {
				return nil
			}
			return &found[i]
		}
		e, token := of(p.platform+".endpoint"), of(p.platform+".token")
		if e == nil || strings.TrimRight(strings.TrimSpace(e.values[0]), "/") != p.endpoint {
			continue // something else decides
		}
		if token != nil && strings.TrimSpace(token.values[0]) == p.token.Reveal() {
			continue // its own token
		}
		e.report(rep, strictyaml.Error, fmt.Sprintf("the token does not stand in this file, and a file that merely lies in the working folder does not decide where it goes; if the file is yours, name it (--config %s), or set %s",
			configFile, variable(p.platform+".endpoint")))
	}
}

// checkInbound reports what keeps Telegram's updates and Discord's interactions from coming in
// over HTTP. A file that nobody named decides neither where the former go nor who may send
// the latter.
func checkInbound(c Config, found []entry, rep *strictyaml.Report) {
	for _, x := range []struct {
		platform, key, value string
		token                platform.Secret
		check                func() error
		what                 string
	}{
		{"telegram", "telegram.webhook", c.Telegram.Webhook, c.Telegram.Token,
			func() error { return telegram.CheckWebhook(c.Telegram.Webhook, c.Telegram.Endpoint) }, "a webhook needs"},
		{"discord", "discord.public-key", c.Discord.PublicKey, c.Discord.Token,
			func() error { return discord.CheckPublicKey(c.Discord.PublicKey) }, "interactions over HTTP need"},
	} {
		if x.value == "" || !x.token.IsSet() {
			continue
		}
		problem := strictyaml.Problem{Severity: strictyaml.Error, File: cmp.Or(c.File, variable(x.key)), Path: x.key}
		at, own := entry{key: x.key, at: problem}, false
		for _, e := range found {
			if e.key == at.key && len(e.values) == 1 && strings.TrimSpace(e.values[0]) == x.value {
				at = e
			}
			own = own || e.key == x.platform+".token" && len(e.values) == 1 && strings.TrimSpace(e.values[0]) == x.token.Reveal()
		}
		switch err := x.check(); {
		case err != nil:
			at.report(rep, strictyaml.Error, err.Error())
		case c.Listen == "":
			at.report(rep, strictyaml.Error, x.what+" the HTTP listener; set listen, such as listen: 127.0.0.1:8080, and let a proxy with a certificate pass requests on to it")
		case at.at.Line > 0 && !own:
			at.report(rep, strictyaml.Error, fmt.Sprintf("the token does not stand in this file, and a file that merely lies in the working folder does not decide where its messages go, or who sends them; if the file is yours, name it (--config %s), or set %s",
				configFile, variable(at.key)))
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}

// An entry is one key set in one layer.
type entry struct {
	key    string
	values []string           // one, or any number for a list
	at     strictyaml.Problem // where it is set; the message is still to come
	base   string             // folder that relative paths start from
}

// in resolves a path against the folder of the file that names it.
func (e entry) in(path string) string {
	if e.base == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(e.base, path)
}

func (e entry) report(rep *strictyaml.Report, severity strictyaml.Severity, message string) {
	e.at.Severity, e.at.Message = severity, message
	rep.Add(e.at)
}

// apply sets the entries of one layer. A token and its file in the same layer
// contradict each other; of different layers the later one wins.
func apply(c *Config, entries []entry, rep *strictyaml.Report) {
	seen := map[string]string{}
	for _, e := range entries {
		s, known := settingOf(e.key)
		if !known || s.optional && len(e.values) == 1 && e.values[0] == "" {
			continue // where unknown keys are found, they are reported
		}
		target := strings.TrimSuffix(e.key, fileSuffix)
		if other, twice := seen[target]; twice {
			e.report(rep, strictyaml.Error, other+" is set as well; keep one of the two")
			continue
		}
		seen[target] = cmp.Or(e.at.Path, e.at.File)
		warning, err := s.set(c, e)
		if err != nil {
			e.report(rep, strictyaml.Error, err.Error())
		}
		if warning != "" {
			e.report(rep, strictyaml.Warning, warning)
		}
	}
}

// fromFile reads the keys that a file sets. A file of comments sets none.
func fromFile(path string, rep *strictyaml.Report) []entry {
	var own strictyaml.Report
	root, data := strictyaml.ReadFile(os.DirFS(filepath.Dir(path)), filepath.Base(path), path, &own)
	if root == nil && data != nil && onlyComments(data) {
		return nil
	}
	entries := entriesIn(root, "", filepath.Dir(path))
	slips := secretKeys(root)
	for _, p := range slices.Compact(own.Problems()) {
		p.Path, p.Message = platform.Scrub(p.Path, slips...), platform.Scrub(p.Message, slips...)
		rep.Add(p)
	}
	return entries
}

// secretKeys are the keys at n that are none and may be a secret in the wrong place.
func secretKeys(n *strictyaml.Node) (out []string) {
	if !n.IsMap() {
		return nil
	}
	var names []string
	for _, key := range settingKeys() {
		names = append(names, strings.Split(key, ".")...)
	}
	m := n.AnyMap("")
	for _, k := range m.Keys() {
		word := strings.Trim(strings.ToLower(k), "abcdefghijklmnopqrstuvwxyz-_. ") == "" && len(k) <= longestWord
		if !word && !slices.Contains(names, k) {
			out = append(out, k)
			if quoted := strings.Trim(strictyaml.Quote(k), `"`); quoted != k {
				out = append(out, quoted) // as problems show it
			}
		}
		out = append(out, secretKeys(m.Get(k))...)
	}
	return out
}

// longestWord is how long a key may be that people type.
const longestWord = 24

func onlyComments(data []byte) bool {
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

// entriesIn reads the map at n, whose keys begin with prefix. Groups are the
// parts of keys before a dot.
func entriesIn(n *strictyaml.Node, prefix, base string) (entries []entry) {
	var known []string
	for _, key := range settingKeys() {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			group, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(known, group) {
				known = append(known, group)
			}
		}
	}
	m := n.Map(known...)
	for _, name := range m.Keys() {
		v, key := m.Get(name), prefix+name
		s, isSetting := settingOf(key)
		switch {
		case v == nil || !slices.Contains(known, name):
			continue
		case !isSetting:
			entries = append(entries, entriesIn(v, key+".", base)...)
			continue
		}
		e := entry{key: key, base: base, at: strictyaml.Problem{File: v.File(), Line: v.Line(), Column: v.Column(), Path: v.Path()}}
		if s.list && v.IsList() {
			for _, x := range v.List("texts") {
				e.values = append(e.values, x.Text())
			}
		} else if v.IsText() {
			e.values = []string{v.Text()}
		} else {
			v.Text() // reports what stands there instead
			continue
		}
		entries = append(entries, e)
	}
	return entries
}

// fromEnvironment finds the keys set by variables. An empty variable is not
// set: compose files pass one on for every variable they name. A variable that
// sets nothing is only warned of, because Kubernetes gives every container
// variables that begin with the names of its services.
func fromEnvironment(env []string, rep *strictyaml.Report) (entries []entry) {
	byVariable := map[string]string{}
	for _, k := range settingKeys() {
		byVariable[variable(k)] = k
	}
	set := map[string]string{} // of a variable that stands there twice the last counts
	for _, kv := range env {
		if name, value, _ := strings.Cut(kv, "="); strings.HasPrefix(name, envPrefix) {
			set[name] = value
		}
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		value := set[name]
		if value == "" {
			continue
		}
		e := entry{key: byVariable[name], values: []string{value}, at: strictyaml.Problem{File: name}}
		if e.key == "" {
			known := slices.Sorted(maps.Keys(byVariable))
			e.report(rep, strictyaml.Warning, "no key has this variable"+didYouMean(name, known))
			continue
		}
		switch s, _ := settingOf(e.key); {
		case s.commas:
			e.values = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
		case s.list:
			e.values = splitList(value)
		}
		entries = append(entries, e)
	}
	return entries
}

// splitList takes what PATH takes, and commas, between which an address may stand.
func splitList(s string) []string {
	var out []string
	for _, part := range strings.Split(s, ",") {
		parts := []string{part}
		if !strings.Contains(part, "://") {
			parts = strings.FieldsFunc(part, func(r rune) bool { return r == os.PathListSeparator })
		}
		for _, part := range parts {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// didYouMean suggests what a misspelt word was meant to be, or nothing.
func didYouMean(word string, known []string) string {
	if k := strictyaml.Suggest(word, known); k != "" {
		return fmt.Sprintf(" (did you mean %s?)", k)
	}
	return ""
}
