package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"footnote/bot/discord"
	"footnote/bot/ledger"
	"footnote/bot/platform"
	"footnote/knowledge/strictyaml"
)

// A setting is one key. The list of settings is the one place that knows every
// key: files, variables, suggestions and the tests of the documents go by it.
type setting struct {
	key      string
	list     bool
	commas   bool // of a list in a variable only commas and blanks part the entries
	optional bool // an empty value is no value
	set      func(c *Config, e entry) (warning string, err error)
}

// fileSuffix ends the key of a file that holds a secret.
const fileSuffix = "-file"

func settings() []setting {
	return []setting{
		secret("discord.token", func(c *Config) *platform.Secret { return &c.Discord.Token }),
		secretFile("discord.token", func(c *Config) *platform.Secret { return &c.Discord.Token }),
		endpoint("discord.endpoint", func(c *Config) *string { return &c.Discord.Endpoint }),
		whole("discord.api-version", 9, maxAPIVersion, func(c *Config) *int { return &c.Discord.APIVersion }),
		autoOr("discord.shards", discord.MaxShards, func(c *Config) *int { return &c.Discord.Shards }),
		optional(text("discord.public-key", func(c *Config) *string { return &c.Discord.PublicKey })),
		secret("telegram.token", func(c *Config) *platform.Secret { return &c.Telegram.Token }),
		secretFile("telegram.token", func(c *Config) *platform.Secret { return &c.Telegram.Token }),
		endpoint("telegram.endpoint", func(c *Config) *string { return &c.Telegram.Endpoint }),
		optional(text("telegram.webhook", func(c *Config) *string { return &c.Telegram.Webhook })),
		paths("knowledge", func(c *Config) *[]string { return &c.Knowledge }),
		statePlace(),
		stateAddressFile(),
		optional(path("state-local", func(c *Config) *string { return &c.Local })),
		stateKeyText(),
		stateKeyFile(),
		optional(listenAddress("listen", func(c *Config) *string { return &c.Listen })),
		oneOf("matcher.encoder", []string{"on", "english", "off"}, func(c *Config) *string { return &c.Matcher.Encoder }),
		oneOf("matcher.caution", []string{"low", "normal", "high"}, func(c *Config) *string { return &c.Matcher.Caution }),
		optional(path("matcher.cache", func(c *Config) *string { return &c.Matcher.Cache })),
		oneOf("log.level", []string{"debug", "info", "warn", "error"}, func(c *Config) *string { return &c.Log.Level }),
		oneOf("log.format", []string{"text", "json"}, func(c *Config) *string { return &c.Log.Format }),
		whole("limits.person-per-minute", 0, maxPerMinute, func(c *Config) *int { return &c.Limits.PersonPerMinute }),
		whole("limits.chat-per-minute", 0, maxPerMinute, func(c *Config) *int { return &c.Limits.ChatPerMinute }),
		ledgerPath(),
		oneOf("ledger.questions", []string{"on", "off"}, func(c *Config) *string { return &c.Ledger.Questions }),
		span("ledger.retention", ledger.MinRetention, func(c *Config) *time.Duration { return &c.Ledger.Retention }),
		yesNo("web.enabled", func(c *Config) *bool { return &c.Web.Enabled }),
		optional(publicURL("web.url", func(c *Config) *string { return &c.Web.URL })),
		origins("web.frame-ancestors", func(c *Config) *[]string { return &c.Web.FrameAncestors }),
		optional(headerName("web.address-header", func(c *Config) *string { return &c.Web.AddressHeader })),
		optional(number("curators.discord", func(c *Config) *string { return &c.Curators.Discord })),
		optional(number("curators.telegram", func(c *Config) *string { return &c.Curators.Telegram })),
		yesNo("curators.desk", func(c *Config) *bool { return &c.Curators.Desk }),
		whole("serve.refetch-minutes", 0, maxRefetch, func(c *Config) *int { return &c.Serve.Refetch }),
		yesNo("serve.keep-going", func(c *Config) *bool { return &c.Serve.KeepGoing }),
		yesNo("serve.profile", func(c *Config) *bool { return &c.Serve.Profile }),
	}
}

// maxAPIVersion leaves room for versions that Discord has not made yet; today it
// serves 9 and 10.
const maxAPIVersion = 99

// maxPerMinute is a thousand a second: above it a limit limits nothing, and the
// number is more likely a slip.
const maxPerMinute = 60_000

// maxRefetch is a day: who wants it less often need not have it at all.
const maxRefetch = 24 * 60

func settingKeys() []string {
	var keys []string
	for _, s := range settings() {
		keys = append(keys, s.key)
	}
	return keys
}

func settingOf(key string) (setting, bool) {
	all := settings()
	i := slices.IndexFunc(all, func(s setting) bool { return s.key == key })
	if i < 0 {
		return setting{}, false
	}
	return all[i], true
}

// scalar makes a setting of one value. No error of parse may hold the value of
// a secret.
func scalar(key string, parse func(c *Config, v string, e entry) (string, error)) setting {
	return setting{key: key, set: func(c *Config, e entry) (string, error) {
		if len(e.values) != 1 {
			return "", errors.New("takes one value, not a list")
		}
		return parse(c, strings.TrimSpace(e.values[0]), e)
	}}
}

func oneOf(key string, allowed []string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		word := strings.ToLower(v)
		if !slices.Contains(allowed, word) {
			return "", fmt.Errorf("%s is none of %s%s", strictyaml.Quote(v), strings.Join(allowed, ", "), didYouMean(word, allowed))
		}
		*at(c) = word
		return "", nil
	})
}

func whole(key string, low, high int, at func(*Config) *int) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		n, err := strconv.Atoi(v)
		if err != nil || n < low || n > high {
			return "", fmt.Errorf("%s is not a whole number from %d to %d", strictyaml.Quote(v), low, high)
		}
		*at(c) = n
		return "", nil
	})
}

// autoOr takes auto, which is 0, or a whole number up to high.
func autoOr(key string, high int, at func(*Config) *int) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		if strings.EqualFold(v, "auto") {
			*at(c) = 0
			return "", nil
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > high {
			return "", fmt.Errorf("%s is neither auto nor a whole number from 1 to %d", strictyaml.Quote(v), high)
		}
		*at(c) = n
		return "", nil
	})
}

func yesNo(key string, at func(*Config) *bool) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		switch strings.ToLower(v) {
		case "true", "yes", "on", "1":
			*at(c) = true
		case "false", "no", "off", "0":
			*at(c) = false
		default:
			return "", fmt.Errorf("%s is neither true nor false", strictyaml.Quote(v))
		}
		return "", nil
	})
}

// endpoint takes an http or https address and drops a slash at its end.
func endpoint(key string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		u, err := url.Parse(v)
		switch {
		case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
			return "", fmt.Errorf("%s is not an address such as %s", strictyaml.Quote(v), *at(new(defaults())))
		case u.User != nil:
			return "", errors.New("an address with a user name or password in it would end up in logs; leave them out")
		case u.RawQuery != "" || u.Fragment != "":
			return "", fmt.Errorf("%s has something after its path; give the base alone", strictyaml.Quote(v))
		}
		*at(c) = strings.TrimRight(v, "/")
		if u.Scheme == "http" && !loopback(u.Hostname()) {
			return "http sends the token over the network for everybody to read; use https, unless the server stands in a network of your own", nil
		}
		return "", nil
	})
}

// text takes any text; what it may be is checked with other keys.
func text(key string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		*at(c) = v
		return "", nil
	})
}

// listenAddress takes HOST:PORT; without a host it is every address of the machine.
func listenAddress(key string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		host, port, err := net.SplitHostPort(v)
		n, portErr := strconv.Atoi(port)
		switch _, alone := strconv.Atoi(v); {
		case alone == nil:
			return "", fmt.Errorf("%s is a port alone; write 127.0.0.1:%s for this machine, or :%s for every address of it", strictyaml.Quote(v), v, v)
		case err != nil || portErr != nil || n < 0 || n > 65535 || strings.ContainsAny(host, "/@ "):
			return "", fmt.Errorf("%s is not HOST:PORT, such as 127.0.0.1:8080, or :8080 for every address of this machine", strictyaml.Quote(v))
		}
		*at(c) = v
		return "", nil
	})
}

// publicURL takes the address under which people find something, and drops a slash at its end.
func publicURL(key string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		u, err := url.Parse(v)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
			return "", fmt.Errorf("%s is not an address such as https://example.org/history", strictyaml.Quote(v))
		case u.User != nil:
			return "", errors.New("everybody sees this address; leave out the user name and password")
		case u.RawQuery != "" || u.Fragment != "":
			return "", fmt.Errorf("%s has something after its path; give the address of the first page", strictyaml.Quote(v))
		}
		*at(c) = strings.TrimRight(v, "/")
		if u.Scheme == "http" && !loopback(u.Hostname()) {
			return "chats link to https alone, so that nobody changes a page on its way; with http there are no links to the site", nil
		}
		return "", nil
	})
}

// origins takes the beginnings of addresses, such as https://museum.example, of sites.
func origins(key string, at func(*Config) *[]string) setting {
	return setting{key: key, list: true, commas: true, set: func(c *Config, e entry) (string, error) {
		var all []string
		for _, v := range e.values {
			v = strings.TrimRight(strings.TrimSpace(v), "/")
			u, err := url.Parse(v)
			if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path+u.RawQuery+u.Fragment != "" || u.User != nil || strings.ContainsAny(v, " ;,'\"*") {
				return "", fmt.Errorf("%s is not the beginning of a site's addresses, such as https://museum.example", strictyaml.Quote(v))
			}
			all = append(all, v)
		}
		*at(c) = all
		return "", nil
	}}
}

// headerName takes the name of an HTTP header.
func headerName(key string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		if v == "" || strings.Trim(strings.ToLower(v), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", fmt.Errorf("%s is not the name of a header, such as X-Forwarded-For", strictyaml.Quote(v))
		}
		*at(c) = v
		return "", nil
	})
}

// loopback reports whether host is this machine.
func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func path(key string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, e entry) (string, error) {
		if v == "" {
			return "", errors.New("is empty; give a folder")
		}
		*at(c) = e.in(v)
		return "", nil
	})
}

// number takes the number of a chat or channel, which may be negative on Telegram.
func number(key string, at func(*Config) *string) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		if _, err := strconv.ParseInt(v, 10, 64); v != "" && err != nil {
			return "", fmt.Errorf("%s is no number of a chat; Discord shows a channel's with Copy Channel ID (developer mode), Telegram's groups have one such as -1001234567890", strictyaml.Quote(v))
		}
		*at(c) = v
		return "", nil
	})
}

// optional makes an empty value of s no value.
func optional(s setting) setting {
	s.optional = true
	return s
}

func paths(key string, at func(*Config) *[]string) setting {
	return setting{key: key, list: true, set: func(c *Config, e entry) (string, error) {
		var dirs []string
		for _, v := range e.values {
			if strings.TrimSpace(v) == "" {
				return "", errors.New("has an empty entry; give pack folders")
			}
			p, err := parsePlace(strings.TrimSpace(v))
			if err != nil {
				return "", err
			}
			if !p.remote() {
				v = e.in(v)
			}
			dirs = append(dirs, v)
		}
		*at(c) = dirs
		return "", nil
	}}
}

func secret(key string, at func(*Config) *platform.Secret) setting {
	s := scalar(key, func(c *Config, v string, _ entry) (string, error) {
		if err := checkToken(v); err != nil {
			return "", err
		}
		*at(c) = platform.NewSecret(v)
		return "", nil
	})
	s.optional = true
	return s
}

// maxSecretFile is in bytes; tokens have about 70.
const maxSecretFile = 4096

func secretFile(key string, at func(*Config) *platform.Secret) setting {
	return fileOf(key, "the token", func(c *Config, token string) (string, error) {
		err := checkToken(token)
		if err == nil {
			*at(c) = platform.NewSecret(token)
		}
		return "", err
	})
}

// fileOf makes the setting of a file that holds what, a secret, alone.
func fileOf(key, what string, put func(c *Config, text string) (warning string, err error)) setting {
	s := scalar(key+fileSuffix, func(c *Config, v string, e entry) (string, error) {
		name := e.in(v)
		info, err := os.Stat(name)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return "", fmt.Errorf("there is no file %q; it should hold %s alone", name, what)
		case err == nil && !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0:
			return "", fmt.Errorf("%q is not a file; it should be a file that holds %s alone", name, what)
		case err == nil && info.Size() > maxSecretFile:
			return "", fmt.Errorf("the file %q has %d bytes; it should hold %s alone", name, info.Size(), what)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("the file %q cannot be read: %w", name, errors.Unwrap(err))
		}
		secret := strings.TrimSpace(string(text))
		if secret == "" {
			return "", fmt.Errorf("the file %q is empty; it should hold %s alone", name, what)
		}
		warning, err := put(c, secret)
		if err != nil {
			return "", fmt.Errorf("the file %q: %w", name, err)
		}
		return cmp.Or(openToOthers(name, true), warning), nil
	})
	s.optional = true
	return s
}

// checkToken refuses what cannot be a token of either platform. Whether it is
// the right one only the platform knows. The error never shows it.
func checkToken(s string) error {
	bad := strings.IndexFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || unicode.IsSpace(r) || unicode.IsControl(r) || r == '/' || r == '"'
	})
	switch {
	case strings.HasPrefix(s, "Bot "):
		return errors.New(`begins with "Bot "; give the token alone`)
	case bad >= 0:
		return fmt.Errorf("its character %d does not occur in a token; copy the token again, without quotes, spaces or line breaks inside", len([]rune(s[:bad]))+1)
	}
	return nil
}
