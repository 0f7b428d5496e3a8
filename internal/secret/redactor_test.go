package secret

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestEveryEncodingIsMasked(t *testing.T) {
	const value = "p \"ä'<&+/\\ wörd%=;#😀\x7f"
	r := NewRedactor("", value)
	for outer, second := range encoders {
		for inner, first := range encoders {
			form := second(first(value))
			require.Equal(t, "before [secret] after", r.Redact("before "+form+" after"), "%s in %s: %s", inner, outer, form)
		}
		for inner, first := range wholes {
			form := second(strings.TrimRight(first([]byte(value)), "=")) // padding holds nothing
			require.Equal(t, "before [secret] after", r.Redact("before "+form+" after"), "%s in %s: %s", inner, outer, form)
		}
	}
}

// value draws a secret: signs that encoders treat apart come often.
func value(t *rapid.T) string {
	sign := rapid.RuneFrom([]rune(`"'<>&+/\ %=;#u0aAzZ9äÄß€😀` + "\n\t\x00"))
	return rapid.StringOfN(rapid.OneOf(sign, rapid.Rune()), 1, 24, -1).
		Filter(func(s string) bool { return strings.ToValidUTF8(s, "") == s }).Draw(t, "secret")
}

func around(t *rapid.T, label string) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune(`%&\=+;#'"u025cxna bzä`)), 0, 12, -1).Draw(t, label)
}

// TestNoSecretSurvives: each letter may be encoded in its own way, up to twice, and
// hostile text may stand around.
func TestNoSecretSurvives(t *testing.T) {
	names := slices.Sorted(maps.Keys(encoders))
	rapid.Check(t, func(t *rapid.T) {
		secret := value(t)
		var form strings.Builder
		for _, letter := range secret {
			text := string(letter)
			for range rapid.IntRange(0, 2).Draw(t, "layers") {
				text = encoders[rapid.SampledFrom(names).Draw(t, "encoder")](text)
			}
			form.WriteString(text)
		}
		requireMasked(t, NewRedactor(secret), form.String())
	})
}

func TestNoWholeEncodingSurvives(t *testing.T) {
	names, all := slices.Sorted(maps.Keys(wholes)), slices.Sorted(maps.Keys(encoders))
	rapid.Check(t, func(t *rapid.T) {
		secret := value(t)
		form := strings.TrimRight(wholes[rapid.SampledFrom(names).Draw(t, "whole")]([]byte(secret)), "=")
		for range rapid.IntRange(0, 2).Draw(t, "layers") {
			form = encoders[rapid.SampledFrom(all).Draw(t, "encoder")](form)
		}
		requireMasked(t, NewRedactor(secret), form)
	})
}

func requireMasked(t *rapid.T, r *Redactor, form string) {
	before, after := around(t, "before"), around(t, "after")
	text := before + form + after
	begin, end := len(before), len(before)+len(form)
	spans := r.spans(text)
	if !slices.ContainsFunc(spans, func(s span) bool { return s.begin <= begin && s.end >= end }) {
		t.Fatalf("%q at %d to %d of %q is not masked: %v", form, begin, end, text, spans)
	}
}

func TestCaseIsIgnored(t *testing.T) {
	r := NewRedactor("Straße&Ω 1")
	for _, text := range []string{"STRASSE", "straßE&ω 1", "STRAẞE&AMP;Ω+1", "STRA%C3%9FE%26%CF%89%201", `STRA\U00DFE\U0026\U03C9 1`} {
		want := "[secret]"
		if text == "STRASSE" {
			want = text
		}
		require.Equal(t, want, r.Redact(text), text)
	}
}

func TestBase64BehindOtherText(t *testing.T) {
	const password = "hunter2-and-more"
	r := NewRedactor(password)
	for _, user := range []string{"", "a:", "ab:", "abc:", "root:"} {
		text := base64.StdEncoding.EncodeToString([]byte(user + password + ":tail"))
		core := base64.StdEncoding.EncodeToString([]byte(password))[4:16]
		masked := r.Redact("Basic " + text)
		require.Contains(t, masked, Mask, user)
		require.NotContains(t, masked, core, user)
		require.LessOrEqual(t, len(masked), len("Basic ")+len(text)-len(password)+len(Mask), "%s: %s", user, masked)
	}
}

func TestWhatIsNoUTF8(t *testing.T) {
	r := NewRedactor("p\xffw\xe4")
	for _, form := range []string{"p\xffw\xe4", "p%FFw%E4", `p\ufffdw\ufffd`, "p�w�", "70FF77e4"} {
		require.Equal(t, Mask, r.Redact(form), "%q", form)
	}
	require.Equal(t, Mask, NewRedactor("Grüße").Redact("Gr\xfc\xdfe"), "the same in Latin 1")
}

func TestOverlappingSecretsLeaveNothing(t *testing.T) {
	r := NewRedactor("abcd", "cdef", "bc")
	require.Equal(t, "x[secret]y[secret]", r.Redact("xabcdefybc"))
	require.Equal(t, "[secret]", r.Redact("abcdabcd"))
}

func TestNothingToHide(t *testing.T) {
	const text = `100 % of "this" & \that = plain + simple`
	var none *Redactor
	require.Equal(t, text, none.Redact(text))
	require.Equal(t, text, NewRedactor("", "").Redact(text))
	require.Equal(t, text, NewRedactor("hunter2").Redact(text))
	require.Equal(t, Mask, none.With("a").Redact("a"))
	r := NewRedactor("hunter2")
	require.Same(t, r, r.With("", "hunter2"), "compiled once")
	require.Equal(t, "[secret] [secret]", r.With("swordfish").Redact("hunter2 swordfish"))
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", r, r, r, *r), "hunter2")
}

// Whoever answers must not be able to keep a worker busy, or make it leak at the cut.
func TestLongAndHostileTexts(t *testing.T) {
	r := NewRedactor(`\%&hunter2`, strings.Repeat("s3cret", 6))
	for _, unit := range []string{`\`, "%25", "&amp;", "%5C", "=\n", "&#x5c;", "+"} {
		began := time.Now()
		text := r.Clean(strings.Repeat(unit, 8<<20/len(unit)), 400)
		require.LessOrEqual(t, len([]rune(text)), 400)
		require.Less(t, time.Since(began), 20*time.Second, "%q", unit)
	}
	secret := strings.Repeat("s3cret", 6)
	for cut := range 40 {
		long := "x" + strings.Repeat(" ", window+36*widest-cut) + secret + strings.Repeat("y", 100)
		require.NotContains(t, r.Clean(long, 400), "s3c", cut)
	}
}

func BenchmarkRedact(b *testing.B) {
	r := NewRedactor("a-password-of-some-24-ch", "0123456789abcdef0123456789abcdef", "api:another+password")
	line := strings.Repeat(`{"level":"info","msg":"panel fra1, server.edit of 5: \"value\" is 100% wrong","a":1} `, 5)
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		r.Redact(line)
	}
}

func BenchmarkNewRedactor(b *testing.B) {
	for b.Loop() {
		NewRedactor("a-password-of-some-24-ch", "0123456789abcdef0123456789abcdef", "api:another+password")
	}
}
