package secret

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pattern is a text to find, letter by letter.
type pattern []letter

// letter holds the bytes that may stand for one letter once all encodings are
// taken off: upper and lower case, and what is made of it where UTF-8 is unknown.
type letter []string

// patternsOf are the texts that give a secret away: itself, and what encodes it as
// a whole. Encodings of single letters are the decoder's part.
func patternsOf(secret string) []pattern {
	raw := []byte(secret)
	texts := []string{secret, hex.EncodeToString(raw)}
	for shift := range 3 {
		texts = append(texts, inBase64(raw, shift)...)
	}
	slices.Sort(texts)
	var patterns []pattern
	for _, text := range slices.Compact(texts) {
		patterns = append(patterns, patternOf(text))
	}
	return patterns
}

// shortestPart is how many letters of base64 give a secret away that is encoded
// behind other text.
const shortestPart = 8

// inBase64 encodes the secret as it looks behind shift other bytes (more than
// three letters begin anew): "user:password" is what Basic authentication sends.
// Letters that depend on the neighbours too are left out.
func inBase64(raw []byte, shift int) []string {
	padded := append(make([]byte, shift), raw...)
	var texts []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if shift == 0 {
			texts = append(texts, encoding.EncodeToString(raw)) // alone; padding holds nothing
		}
		text := encoding.EncodeToString(padded)
		end := len(padded) * 8 / 6 // of the letters that are whole
		if part := text[(shift*8+5)/6 : end]; len(part) >= shortestPart {
			texts = append(texts, part)
		}
	}
	return texts
}

func patternOf(text string) pattern {
	p := make(pattern, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if r < utf8.RuneSelf {
			p = append(p, ascii[r])
		} else {
			p = append(p, letterOf(r, text[:size]))
		}
		text = text[size:]
	}
	return p
}

// ascii are the letters of most secrets.
var ascii = func() (table [utf8.RuneSelf]letter) {
	for r := range table {
		table[r] = letterOf(rune(r), string(rune(r)))
	}
	return table
}()

func letterOf(r rune, raw string) letter {
	if r == utf8.RuneError {
		return letter{raw, string(utf8.RuneError)} // JSON cannot hold a byte that is no character
	}
	l := letter{string(r)}
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		l = append(l, string(other))
	}
	for _, form := range slices.Clone(l) {
		if r, _ := utf8.DecodeRuneInString(form); r >= utf8.RuneSelf && r <= unicode.MaxLatin1 {
			l = append(l, string([]byte{byte(r)}))
		}
	}
	if unicode.IsControl(r) { // HTML has its own idea of &#133;, and XML cannot hold most
		l = append(l, html.UnescapeString(fmt.Sprintf("&#%d;", r)), string(utf8.RuneError))
	}
	return l
}

// continues tells whether some form of the letter goes on behind these bytes.
func (l letter) continues(begin string) bool {
	return slices.ContainsFunc(l, func(form string) bool { return len(form) > len(begin) && strings.HasPrefix(form, begin) })
}

// is tells whether the byte alone is some form of the letter.
func (l letter) is(c byte) bool {
	for _, form := range l {
		if len(form) == 1 && form[0] == c {
			return true
		}
	}
	return false
}
