package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"footnote/bot/platform"
)

// proxyVariables are the variables that name proxies. A value that is no address is as
// none to Go, and a bot that was to go through a proxy goes out directly.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"}

// checkProxies refuses a proxy that is none. The error does not show it: passwords stand there.
func (p *program) checkProxies() error {
	for _, name := range proxyVariables {
		value := p.getenv(name)
		if value == "" {
			continue
		}
		address := value
		if !strings.Contains(value, "://") { // "proxy:3128" is an address too
			address = "http://" + value
		}
		u, err := url.Parse(address)
		if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " /") {
			return usage("%s is not the address of a proxy, such as http://proxy.example.org:3128; correct it, or unset it to go out directly", name)
		}
		switch u.Scheme {
		case "http", "https", "socks5", "socks5h":
		default:
			return usage("%s names a proxy of the kind %q; http, https and socks5 are known", name, u.Scheme)
		}
	}
	return nil
}

// tellFiles warns if the process may open so few files that people wait for connections.
func tellFiles(r *reporter, log *slog.Logger) {
	if n := platform.OpenFiles(); n > 0 && n < platform.EnoughFiles/8 {
		what := fmt.Sprintf("only %d files may be open (ulimit -n), so that many people wait for each other", n)
		log.Warn(what)
		r.lacks(what)
	}
}
