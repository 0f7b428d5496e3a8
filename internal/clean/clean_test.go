package clean

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestForeignTextIsTamed(t *testing.T) {
	for foreign, want := range map[string]string{
		"":                        "",
		"one\r\ntwo\t three ":     "one two three",
		"\x1b[31mred\x00":         "[31mred",
		"\u202egpj.exe\u2066":     "gpj.exe",
		"ze\u200bro\ufeff\u00ad":  "zero",
		"\xff\xfebytes":           "bytes",
		"a\u2028b\u0085c\u3000d":  "a b c d",
		"\u3164\ufe0f\U000e0041x": "x",
		"grün, 漢字, 😀":             "grün, 漢字, 😀",
	} {
		require.Equal(t, want, Line(foreign, 100), "%q", foreign)
	}
}

func TestTheLimitIsInCharacters(t *testing.T) {
	require.Equal(t, "äöü", Line("äöü", 3))
	require.Equal(t, "äö…", Line("äöüß", 3))
	require.Equal(t, "a…", Line("a bcd", 3), "no space before the end")
	require.Equal(t, "ab", Line("ab     ", 2), "what is left out does not count")
	require.Equal(t, "…", Line("ab", 1))
	require.Empty(t, Line("ab", 0))
}

func TestALineIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, limit := rapid.String().Draw(t, "text"), rapid.IntRange(0, 40).Draw(t, "limit")
		cleaned := Line(text, limit)
		if Line(cleaned, limit) != cleaned || utf8.RuneCountInString(cleaned) > limit || !utf8.ValidString(cleaned) ||
			strings.ContainsFunc(cleaned, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) }) {
			t.Fatalf("%q became %q", text, cleaned)
		}
	})
}
