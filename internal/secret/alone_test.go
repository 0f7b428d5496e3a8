package secret

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAShortSecretIsMaskedWhereItStandsAlone(t *testing.T) {
	r := NewRedactor("long-enough-secret").Alone("demo", "p&'1", "")
	for text, want := range map[string]string{
		"password demo refused":                 "password [secret] refused",
		`{"password":"demo"}`:                   `{"password":"[secret]"}`,
		"user:demo@dci.example.com":             "user:[secret]@dci.example.com",
		"authinfo=api%3Ademo&func=server":       "authinfo=api%3A[secret]&func=server",
		"demo":                                  "[secret]",
		"DEMO!":                                 "[secret]!",
		"p&amp;&#039;1 and p%2526%2527 1":       "[secret] and p%2526%2527 1",
		"p%2526%25271.":                         "[secret].",
		"democracy, a demonstration, my_demo":   "democracy, a demonstration, my_demo",
		"pandemo\u00fc":                         "pandemo\u00fc",
		`{"demo":"x"}`:                          `{"demo":"x"}`,
		"long-enough-secrets and long-enough-s": "[secret]s and long-enough-s",
		"ZGVtbw== is demo in base64":            "[secret]== is [secret] in base64",
	} {
		require.Equal(t, want, r.Redact(text))
	}
	require.Equal(t, "a [secret] b", NewRedactor().Alone("abc1").Redact("a abc1 b"))
}
