package secret

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzRedact encodes a secret letter by letter, as how says, and puts it into a
// text: no letter of it may stay outside the mask.
func FuzzRedact(f *testing.F) {
	names := slices.Sorted(maps.Keys(encoders))
	f.Add(`p"'<&+/\ w%`, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, "before ", " after")
	f.Add("a%", []byte{0}, `\`, "41;")
	f.Add("ä😀", []byte{18, 19}, "&amp;", "%25")
	f.Fuzz(func(t *testing.T, secret string, how []byte, before, after string) {
		if secret == "" || !utf8.ValidString(secret) || strings.ContainsRune(secret, utf8.RuneError) || len(secret) > 64 || len(before)+len(after) > 1024 {
			return
		}
		var form strings.Builder
		for i, letter := range []rune(secret) {
			text := string(letter)
			if len(how) > 0 {
				layer := int(how[i%len(how)])
				text = encoders[names[layer%len(names)]](text)
				if layer/len(names) > 0 {
					text = encoders[names[layer/len(names)%len(names)]](text)
				}
			}
			form.WriteString(text)
		}
		begin, end := len(before), len(before)+form.Len()
		text := before + form.String() + after
		if spans := NewRedactor(secret).spans(text); !slices.ContainsFunc(spans, func(s span) bool { return s.begin <= begin && s.end >= end }) {
			t.Fatalf("%q of %q at %d in %q is not masked: %v", form.String(), secret, begin, text, spans)
		}
	})
}
