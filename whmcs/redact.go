package whmcs

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// excerpt is how many bytes of a foreign text an error keeps.
const excerpt = 200

// mask takes secrets out of a text in every encoding in which a server may give
// a request back: as it is, escaped for a URL, HTML or JSON, in base64 or in hex.
func mask(message string, secrets ...string) string {
	var forms []string
	for _, secret := range secrets {
		if secret != "" {
			forms = append(forms, encodings(secret)...)
		}
	}
	// The longest first: a short form may be a part of a longer one.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range slices.Compact(forms) {
		message = regexp.MustCompile("(?i)"+regexp.QuoteMeta(form)).ReplaceAllLiteralString(message, "[secret]")
	}
	return message
}

func encodings(secret string) []string {
	quoted, _ := json.Marshal(secret) // a text can always be encoded
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(secret) // into memory
	raw := []byte(secret)
	return []string{
		secret,
		url.QueryEscape(secret), url.PathEscape(secret),
		html.EscapeString(secret),
		strings.Trim(string(quoted), `"`), strings.Trim(strings.TrimSpace(plain.String()), `"`),
		strings.ReplaceAll(strings.Trim(strings.TrimSpace(plain.String()), `"`), "/", `\/`), // as PHP's json_encode writes it
		base64.StdEncoding.EncodeToString(raw), base64.URLEncoding.EncodeToString(raw),
		hex.EncodeToString(raw),
	}
}

// printable puts a foreign text on one line without control characters, cut to
// size. Secrets are masked before: half of one would not be recognised.
func printable(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)), " ")
	if len(s) <= excerpt {
		return s
	}
	return strings.ToValidUTF8(s[:excerpt], "") + "…"
}

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// describe says what an answer that is none looks like. Whatever may hold JSON is
// never quoted, for a reply of GetClientsProducts holds passwords; of a page only
// the title is.
func describe(body []byte, secrets ...string) string {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return "nothing"
	case trimmed[0] == '<':
		if found := title.FindSubmatch(trimmed); found != nil {
			return fmt.Sprintf("an HTML page titled %q", printable(mask(html.UnescapeString(string(found[1])), secrets...)))
		}
		return "an HTML page"
	case bytes.ContainsAny(trimmed, "{["):
		return "something that is not JSON alone"
	}
	return fmt.Sprintf("%q", printable(mask(string(trimmed), secrets...)))
}
