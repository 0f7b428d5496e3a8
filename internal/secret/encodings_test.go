package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"unicode/utf16"
)

// encoders write a text as a server may give it back. Whatever they are given is
// valid UTF-8.
var encoders = map[string]func(string) string{
	"as it is":         func(s string) string { return s },
	"query":            url.QueryEscape,
	"query, lower":     func(s string) string { return lowerHex(url.QueryEscape(s)) },
	"rawurlencode":     func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") },
	"path":             url.PathEscape,
	"every byte":       func(s string) string { return bytesAs("%%%02X", s) },
	"every byte, low":  func(s string) string { return bytesAs("%%%02x", s) },
	"html":             html.EscapeString,
	"htmlspecialchars": strings.NewReplacer("&", "&amp;", `"`, "&quot;", "'", "&#039;", "<", "&lt;", ">", "&gt;").Replace,
	"html 5":           strings.NewReplacer("&", "&amp;", `"`, "&quot;", "'", "&apos;", "ä", "&auml;", "/", "&sol;").Replace,
	"decimal":          func(s string) string { return runesAs("&#%d;", s) },
	"decimal, padded":  func(s string) string { return runesAs("&#%04d;", s) },
	"hex entity":       func(s string) string { return runesAs("&#x%x;", s) },
	"HEX entity":       func(s string) string { return runesAs("&#X%X;", s) },
	"xml": func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(s)) // into memory
		return b.String()
	},
	"json": func(s string) string {
		quoted, _ := json.Marshal(s) // a text can always be encoded
		return string(quoted[1 : len(quoted)-1])
	},
	"json of PHP": func(s string) string {
		var b strings.Builder
		for _, r := range s {
			switch {
			case strings.ContainsRune(`"\/`, r):
				b.WriteString(`\` + string(r))
			case r < 0x20 || r > 0x7e:
				b.WriteString(unicodeEscape(string(r)))
			default:
				b.WriteRune(r)
			}
		}
		return b.String()
	},
	"unicode":    unicodeEscape,
	"go":         func(s string) string { quoted := fmt.Sprintf("%q", s); return quoted[1 : len(quoted)-1] },
	"addslashes": strings.NewReplacer(`\`, `\\`, `"`, `\"`, "'", `\'`).Replace,
	"quoted-printable": func(s string) string {
		var b strings.Builder
		w := quotedprintable.NewWriter(&b)
		w.Binary = true
		_, _ = w.Write([]byte(s)) // into memory
		_ = w.Close()
		return b.String()
	},
}

// wholes encode a text so that no letter stands for itself.
var wholes = map[string]func([]byte) string{
	"base64": base64.StdEncoding.EncodeToString, "base64, raw": base64.RawStdEncoding.EncodeToString,
	"base64 of URL": base64.URLEncoding.EncodeToString, "base64 of URL, raw": base64.RawURLEncoding.EncodeToString,
	"hex": hex.EncodeToString, "HEX": func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) },
}

func bytesAs(format, s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func runesAs(format, s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

func unicodeEscape(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
}

// lowerHex turns %2F into %2f and leaves letters as they are.
func lowerHex(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], strings.ToLower(string(b[i:i+3])))
		}
	}
	return string(b)
}
