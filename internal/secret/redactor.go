package secret

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"metalease/internal/clean"
)

// Redactor masks a set of secrets in text. Make one for each set and keep it: it
// is safe for concurrent use, and a nil one masks nothing.
type Redactor struct {
	secrets []string
	// patterns by the byte with which an occurrence begins; all of them for a marker.
	patterns [256][]pattern
	// longest is the number of letters of the longest pattern.
	longest int
	// alone masks short secrets where they are no part of a word; nil is none.
	alone *Redactor
}

// NewRedactor masks these secrets; empty ones are left out.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{}
	for _, value := range secrets {
		if value == "" || slices.Contains(r.secrets, value) {
			continue
		}
		r.secrets = append(r.secrets, value)
		for _, p := range patternsOf(value) {
			r.add(p)
		}
	}
	return r
}

func (r *Redactor) add(p pattern) {
	r.longest = max(r.longest, len(p))
	begins := []byte(markers)
	for _, form := range p[0] {
		begins = append(begins, form[0])
	}
	slices.Sort(begins)
	for _, begin := range slices.Compact(begins) {
		r.patterns[begin] = append(r.patterns[begin], p)
	}
}

// Alone masks these secrets as well, but only where one stands alone: no letter or digit before
// or behind it, and no key of JSON. It is for short ones, which longer words hold by chance.
func (r *Redactor) Alone(secrets ...string) *Redactor {
	with := *r
	with.alone = NewRedactor(secrets...)
	return &with
}

// With masks these secrets as well.
func (r *Redactor) With(secrets ...string) *Redactor {
	var known []string
	if r != nil {
		known = r.secrets
	}
	if !slices.ContainsFunc(secrets, func(s string) bool { return s != "" && !slices.Contains(known, s) }) && r != nil {
		return r
	}
	return NewRedactor(append(slices.Clone(known), secrets...)...)
}

// Format implements fmt.Formatter: a Redactor holds what must not be printed.
func (Redactor) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, "redactor") }

// Redact replaces each occurrence of a secret by [Mask], whatever the case.
func (r *Redactor) Redact(text string) string {
	if r == nil {
		return text
	}
	spans := r.spans(text)
	if r.alone != nil {
		alone := slices.DeleteFunc(r.alone.spans(text), func(s span) bool { return !standsAlone(text, s) })
		spans = joined(append(spans, alone...))
	}
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	after := 0
	for _, s := range spans {
		b.WriteString(text[after:s.begin])
		b.WriteString(Mask)
		after = s.end
	}
	b.WriteString(text[after:])
	return b.String()
}

const (
	// window is how much of a text Clean looks at, in bytes.
	window = 16 << 10
	// widest is more bytes than one letter of a secret takes in any encoding that is recognised.
	widest = 64
)

// Clean masks the secrets and then makes the text fit for people, as clean.Line does.
// Of a very long text only the beginning is looked at.
func (r *Redactor) Clean(text string, limit int) string {
	tail := 0
	if r != nil {
		tail = r.longest * widest
	}
	if len(text) <= window+tail {
		return clean.Line(r.Redact(text), limit)
	}
	// The cut may have halved a secret, which is not recognised then: the end is left out.
	text = r.Redact(text[:window+tail])
	return clean.Line(text[:max(0, len(text)-tail)], limit)
}

// standsAlone tells whether a part is neither a part of a word nor a key of JSON.
func standsAlone(text string, s span) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:s.begin])
	after, _ := utf8.DecodeRuneInString(text[s.end:])
	isKey := before == '"' && strings.HasPrefix(text[s.end:], `":`)
	return !isKey && !inWord(after) && (!inWord(before) || escape.MatchString(text[max(0, s.begin-longestEscape):s.begin]))
}

// escape ends with a letter or digit and is none.
var escape = regexp.MustCompile(`(?:%[[:xdigit:]]{2}|=[[:xdigit:]]{2}|\\[nrtbf]|\\u[[:xdigit:]]{4}|\\x[[:xdigit:]]{2})$`)

// longestEscape is in bytes.
const longestEscape = 6

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// joined are the parts in order and apart from each other.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.begin - b.begin })
	var apart []span
	for _, s := range spans {
		if last := len(apart) - 1; last >= 0 && s.begin <= apart[last].end {
			apart[last].end = max(apart[last].end, s.end)
			continue
		}
		apart = append(apart, s)
	}
	return apart
}

// span is a part of a text, in bytes.
type span struct{ begin, end int }

// spans are the parts to mask, in order and apart from each other. Occurrences may
// overlap: the parts cover each of them whole.
func (r *Redactor) spans(text string) []span {
	var found []span
	d := decoder{text: text}
	for i := range len(text) {
		end := -1
		for _, p := range r.patterns[text[i]] {
			end = max(end, d.match(p, i))
		}
		if end < 0 {
			continue
		}
		if last := len(found) - 1; last >= 0 && i <= found[last].end {
			found[last].end = max(found[last].end, end)
			continue
		}
		found = append(found, span{i, end})
	}
	return found
}
