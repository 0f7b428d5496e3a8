package dci5

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// longestMessage is in characters. A panel's message is a sentence.
const longestMessage = 400

// clean makes text of a panel or of the network fit for an error: one line, not
// too long, and without the secrets in any form in which they could be echoed.
func (c *Client) clean(r request, text string) string {
	text = redact(text, append(r.secrets(), c.config.Password, c.authinfo())...)
	text = strings.Join(strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
	if runes := []rune(text); len(runes) > longestMessage {
		text = string(runes[:longestMessage]) + "…"
	}
	return text
}

// redact replaces the secrets, in upper and lower case.
func redact(text string, secrets ...string) string {
	var forms []string
	for _, secret := range secrets {
		if secret != "" {
			forms = append(forms, encodings(secret)...)
		}
	}
	if len(forms) == 0 {
		return text
	}
	// The longest first, so that no rest of a longer form stays behind.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for i := range forms {
		forms[i] = regexp.QuoteMeta(forms[i])
	}
	return regexp.MustCompile("(?i)"+strings.Join(forms, "|")).ReplaceAllLiteralString(text, "[secret]")
}

// encodings are the forms in which a secret travels or is echoed.
func encodings(secret string) []string {
	raw := []byte(secret)
	query := url.QueryEscape(secret)
	quoted, _ := json.Marshal(secret) // a string always can
	return []string{
		secret, query, strings.ReplaceAll(query, "+", "%20"), url.PathEscape(secret), html.EscapeString(secret),
		strings.Trim(string(quoted), `"`), hex.EncodeToString(raw),
		base64.RawStdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
	}
}
