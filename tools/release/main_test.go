package main

import (
	"strings"
	"testing"
)

func TestLicences(t *testing.T) {
	const text = `{"components": [
		{"name": "a", "version": "v1", "evidence": {"licenses": [{"license": {"id": "MIT"}}, {"license": {"id": "MIT"}}]}},
		{"name": "b", "version": "v2", "licenses": [{"license": {"id": "GPL-3.0-only"}}]},
		{"name": "c", "version": "v3"}]}`
	var out strings.Builder
	err := list(&out, []byte(text))
	if err == nil || !strings.Contains(err.Error(), "b v2: licence GPL-3.0-only") || !strings.Contains(err.Error(), "c v3: no licence") || strings.Contains(err.Error(), "a v1") {
		t.Errorf("got %v", err)
	}
	if want := "a v1 MIT\nb v2 GPL-3.0-only\nc v3 \n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if err := list(&out, []byte(`{}`)); err == nil {
		t.Error("a bill without modules is none")
	}
}
