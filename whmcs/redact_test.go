package whmcs

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMaskKnowsEveryEncoding(t *testing.T) {
	const secret = `p "ä'<&+/\ word%`
	quoted, err := json.Marshal(secret)
	require.NoError(t, err)
	for name, form := range map[string]string{
		"as it is": secret, "query": url.QueryEscape(secret), "query, lower case": strings.ToLower(url.QueryEscape(secret)),
		"path": url.PathEscape(secret), "HTML": html.EscapeString(secret), "JSON": strings.Trim(string(quoted), `"`),
		"JSON of PHP":   `p \"ä'<&+\/\\ word%`,
		"base64":        base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 of URL": base64.URLEncoding.EncodeToString([]byte(secret)),
		"hex":           hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
	} {
		require.Equal(t, "before [secret] after", mask("before "+form+" after", "", secret), name)
	}
	require.Equal(t, "nothing to hide", mask("nothing to hide", "", ""))
}

func TestForeignTextIsTamed(t *testing.T) {
	for foreign, want := range map[string]string{
		"one\r\ntwo\t three ":      "one two three",
		"\x1b[31mred\x00\u202etxt": "[31mredtxt",
		"\xff\xfebytes":            "bytes",
	} {
		require.Equal(t, want, printable(foreign))
	}
	long := printable(strings.Repeat("ä", excerpt))
	require.True(t, strings.HasSuffix(long, "ä…"))
	require.LessOrEqual(t, len(long), excerpt+len("…"))
}

func TestWhatAnAnswerLooksLike(t *testing.T) {
	const secret = "s3cret-of-some-length"
	for body, want := range map[string]string{
		" \n": "nothing",
		`Warning: x on line 5 {"result":"success","password":"p"}`: "something that is not JSON alone",
		`{"password":"half`: "something that is not JSON alone",
		"<html><title>\n Down for\n Maintenance </title></html>": `an HTML page titled "Down for Maintenance"`,
		"<html>" + secret:               "an HTML page",
		"<title>" + secret + "</title>": `an HTML page titled "[secret]"`,
		"upstream timed out":            `"upstream timed out"`,
		strings.Repeat("x", excerpt-5) + secret + " and further": `"` + strings.Repeat("x", excerpt-5) + `[secr…"`,
	} {
		require.Equal(t, want, describe([]byte(body), secret))
	}
}
