package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The image holds the licences, knows its release, runs as nobody, and is built from one
// image that whoever builds it can hold to its digest.
func TestDockerfile(t *testing.T) {
	text := readText(t, "../../Dockerfile")
	for _, want := range []string{
		"-X main.release=${VERSION}", "org.opencontainers.image.version=", "USER 65532:65532", "--stop-timeout",
		"LICENSE", "NOTICE", "third-party.txt", `HEALTHCHECK`, "ARG GO_IMAGE=", "FROM scratch",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the Dockerfile lacks %s", want)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^FROM (?:--platform=\S+ )?(\S+)`).FindAllStringSubmatch(text, -1) {
		if m[1] != "scratch" && m[1] != "${GO_IMAGE}" && !strings.Contains(m[1], "@sha256:") {
			t.Errorf("the image %s is not held to its digest, and cannot be", m[1])
		}
	}
	// What is copied from the sources must not be left out of them.
	ignored := readText(t, "../../.dockerignore")
	for _, m := range regexp.MustCompile(`/src/(\S+)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join("../..", m[1])); err != nil || strings.Contains("\n"+ignored, "\n"+m[1]+"\n") {
			t.Errorf("%s is not there: %v", m[1], err)
		}
	}
}
