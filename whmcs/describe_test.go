package whmcs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/secret"
)

func TestWhatAnAnswerLooksLike(t *testing.T) {
	const password = "s3cret-of-some-length"
	redactor := secret.NewRedactor(password)
	for body, want := range map[string]string{
		" \n": "nothing",
		`Warning: x on line 5 {"result":"success","password":"p"}`: "something that is not JSON alone",
		`{"password":"half`: "something that is not JSON alone",
		"<html><title>\n Down for\n Maintenance </title></html>": `an HTML page titled "Down for Maintenance"`,
		"<html>" + password:                                          "an HTML page",
		"<title>" + password + "</title>":                            `an HTML page titled "[secret]"`,
		"<title>&amp;s3cret-&#111;f-some-length</title>":             `an HTML page titled "&[secret]"`,
		"<title>" + strings.Repeat("x", longestTitle+1) + "</title>": `an HTML page titled "(too long)"`,
		"upstream timed out":                                         `"upstream timed out"`,
		strings.Repeat("x", excerpt-5) + password + " and further":   `"` + strings.Repeat("x", excerpt-5) + `[sec…"`,
		"\x1bred\x00\u202etxt":                                       `"redtxt"`,
	} {
		require.Equal(t, want, describe([]byte(body), redactor), "%.40s", body)
	}
}
