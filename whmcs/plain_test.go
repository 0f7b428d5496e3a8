package whmcs

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"server 5 (A1-05), 192.0.2.5\nzwei Zeilen – ü": "server 5 (A1-05), 192.0.2.5\nzwei Zeilen – ü",
		`<img src=x onerror=steal()>`:                  "‹img src=x onerror=steal()›",
		"[pay](https://evil.example) `id`":             "[pay] (https://evil.example) 'id'",
		"🔥 rack":                                       "? rack",
	} {
		require.Equal(t, want, Plain(text))
		require.Equal(t, want, Plain(Plain(text)), "again it changes nothing")
	}
}
