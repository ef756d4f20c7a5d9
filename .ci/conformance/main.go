// Conformance holds recorded requests to Discord against Discord's own OpenAPI
// document. The fake in bot/discord/discordtest checks what its authors know of
// Discord; the document is what Discord says.
//
// It is a module of its own so that the program does not depend on a validator:
//
//	FOOTNOTE_RECORD_DISCORD=$PWD/requests.jsonl go test -count=1 ./bot/discord/... ./cmd/footnote
//	cd .ci/conformance && go run . ../../../shared/specs/discord-openapi.json ../../requests.jsonl
//
// It exits 1 if a request does not conform and 2 if nothing could be checked.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// maxLine is the longest request that is read: a list of commands in all
// languages is some 30 kB.
const maxLine = 4 << 20

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) != 2 {
		fmt.Fprintln(stderr, "usage: conformance DISCORD-OPENAPI.json REQUESTS.jsonl")
		return 2
	}
	spec, err := load(args[0])
	if err != nil {
		fmt.Fprintln(stderr, "conformance:", err)
		return 2
	}
	f, err := os.Open(args[1])
	if err != nil {
		fmt.Fprintln(stderr, "conformance:", err)
		return 2
	}
	defer f.Close()

	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	checked, wrong, kinds := 0, 0, map[string]int{}
	for lines.Scan() {
		checked++
		kind, err := spec.check(lines.Bytes())
		kinds[kind]++
		if err != nil {
			wrong++
			fmt.Fprintf(stdout, "%s:%d: %s: %v\n", args[1], checked, kind, err)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(stderr, "conformance:", err)
		return 2
	}
	if checked == 0 {
		fmt.Fprintln(stderr, "conformance:", errors.New("no request was recorded, so nothing was checked"))
		return 2
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(stdout, "%5d  %s\n", kinds[k], k)
	}
	fmt.Fprintf(stdout, "%d requests, %d do not conform to Discord's API %s\n", checked, wrong, spec.version)
	if wrong > 0 {
		return 1
	}
	return 0
}
