package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

// options are the flags that subcommands have in common, and the layer of the
// configuration above file and environment.
type options struct {
	config    string
	knowledge listFlag
	values    []entry // of the flags that set one key
	serves    bool    // it is the command that makes the folder of the key state
	checks    bool    // it is told of what only serve refuses
}

// registerConfig is register for a subcommand that reads no pack.
func (o *options) registerConfig(fs *flag.FlagSet) {
	fs.StringVar(&o.config, "config", "", "read the configuration from `FILE` instead of ./"+configFile)
}

func (o *options) register(fs *flag.FlagSet) {
	o.registerConfig(fs)
	fs.Var(&o.knowledge, "knowledge", "answer from the pack in `DIR`, or the packs in its folders,\ninstead of the embedded pack; may be repeated")
}

// set makes name a flag that sets key.
func (o *options) set(fs *flag.FlagSet, name, key, usage string) {
	fs.Func(name, usage, func(v string) error {
		o.values = append(o.values, entry{key: key, values: []string{v}, at: strictyaml.Problem{File: "--" + name}})
		return nil
	})
}

// load returns the configuration of a run: defaults, file, environment and
// flags in this order, each over the one before. From here on its tokens are
// hidden from everything that p prints to standard error.
func (o *options) load(p *program, rep *strictyaml.Report) Config {
	c, found := loadConfig(o.config, p.env, rep)
	flags := o.values
	if len(o.knowledge) > 0 {
		flags = append(flags, entry{key: "knowledge", values: o.knowledge, at: strictyaml.Problem{File: "--knowledge"}})
	}
	apply(&c, flags, rep)
	if c.Matcher.Cache == "" {
		c.Matcher.Cache = learnedFolder(c, p, o.serves)
	}
	if o.serves || o.checks {
		guardTokens(c, found, rep)
		checkInbound(c, found, rep)
		guardState(c, found, rep)
	}
	for _, secret := range c.secrets() {
		p.hide(secret)
	}
	return c
}

// configure is load for subcommands that need a sound configuration: its error
// lists every problem, one a line, and warnings are printed.
func (o *options) configure(p *program) (Config, error) {
	var rep strictyaml.Report
	c := o.load(p, &rep)
	if o.serves { // it logs, and what it has to say from here on is of one form
		p.startLog(c)
	}
	if p.json && rep.Errors() == 0 {
		logProblems(p.log, rep.Problems())
	}
	for _, x := range rep.Problems() {
		if x.Severity == strictyaml.Warning && !p.json {
			fmt.Fprintln(p.Err, x)
		}
	}
	if rep.Errors() > 0 {
		return c, exitError{code: exitUsage, err: &knowledge.LoadError{Problems: rep.Problems()}}
	}
	return c, nil
}

// openBase loads the packs that c names, or the embedded one.
func openBase(c Config) (*knowledge.Base, error) {
	base, _, err := openShown(c)
	return base, err
}

// openShown is openBase; as puts the names of archives where those of the folders stand in which
// they are unpacked: in those nobody has to correct anything.
func openShown(c Config) (base *knowledge.Base, as *strings.Replacer, err error) {
	as = strings.NewReplacer()
	if len(c.Knowledge) == 0 {
		base, err = knowledge.Embedded()
		return base, as, err
	}
	dirs, err := packFolders(context.Background(), c)
	if err != nil {
		return nil, as, err
	}
	var names []string
	for i, dir := range dirs {
		if dir != c.Knowledge[i] {
			at, _ := parsePlace(c.Knowledge[i]) // which packFolders could read
			name := at.at
			if at.remote() {
				name = at.file()
			}
			names = append(names, dir, name)
		}
	}
	base, err = knowledge.Open(dirs...)
	return base, strings.NewReplacer(names...), err
}
