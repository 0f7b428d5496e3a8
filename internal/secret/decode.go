package secret

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// markers begin an encoded letter: URL (% and +), HTML and XML (&), JSON and
// addslashes (\), quoted-printable (=).
const markers = "%&\\=+"

func isMarker(c byte) bool { return c == '%' || c == '&' || c == '\\' || c == '=' || c == '+' }

// layers is how many encodings may lie over each other, such as JSON in JSON in a URL.
const layers = 4

// decoder finds patterns in a text, whatever encodes their letters.
type decoder struct {
	text string
	// known keeps readings that are asked for often.
	known map[place][]reading
}

type place struct{ at, depth int }

// remembered bounds what the decoder keeps: answers of servers may be long and hostile.
const remembered = 4096

// reading is what a part of the text may stand for, and where that part ends.
type reading struct {
	value string
	end   int
	depth int // encodings taken off
}

// match finds the longest occurrence of the pattern that begins at i; -1 when there is none.
func (d *decoder) match(p pattern, i int) int {
	for len(p) > 0 && i < len(d.text) && d.text[i] < utf8.RuneSelf && !isMarker(d.text[i]) { // stands for itself
		if !p[0].is(d.text[i]) {
			return -1
		}
		p, i = p[1:], i+1
	}
	ends := []int{i}
	for _, l := range p {
		var next []int
		for _, end := range ends {
			next = d.letter(l, "", end, next)
		}
		if len(next) == 0 {
			return -1
		}
		ends = next
	}
	return slices.Max(ends)
}

// letter adds all places where the letter may end of which begin was read before i.
func (d *decoder) letter(l letter, begin string, i int, ends []int) []int {
	for _, r := range d.readings(i, layers) {
		value := begin + r.value
		if slices.Contains(l, value) && !slices.Contains(ends, r.end) {
			ends = append(ends, r.end)
		}
		if l.continues(value) {
			ends = d.letter(l, value, r.end, ends)
		}
	}
	return ends
}

// readings are all that can stand at i: the byte itself first, then what it begins.
func (d *decoder) readings(i, depth int) []reading {
	if i >= len(d.text) {
		return nil
	}
	literal := reading{d.text[i : i+1], i + 1, 0}
	if depth == 0 || !isMarker(d.text[i]) {
		return []reading{literal}
	}
	if found, known := d.known[place{i, depth}]; known {
		return found
	}
	all := []reading{literal}
	for k := 0; k < len(all); k++ {
		r := all[k]
		if r.value == "+" {
			all = add(all, reading{" ", r.end, r.depth})
		}
		if r.depth == depth {
			continue
		}
		for _, inner := range d.behind(r.value, r.end, depth-1) {
			inner.depth = 1 + max(r.depth, inner.depth)
			all = add(all, inner)
		}
	}
	if d.known == nil || len(d.known) >= remembered {
		d.known = map[place][]reading{}
	}
	d.known[place{i, depth}] = all
	return all
}

func add(all []reading, r reading) []reading {
	if slices.ContainsFunc(all, func(known reading) bool { return known.value == r.value && known.end == r.end }) {
		return all
	}
	return append(all, r)
}

// behind reads what follows a marker that ends at i. The letters and digits there
// may be encoded once more: depth is how often.
func (d *decoder) behind(marker string, i, depth int) []reading {
	switch marker {
	case "%":
		return d.hexByte(reading{end: i}, depth)
	case "=":
		for _, soft := range []string{"\n", "\r\n"} {
			if strings.HasPrefix(d.text[i:], soft) {
				return d.readings(i+len(soft), depth)
			}
		}
		return d.hexByte(reading{end: i}, depth)
	case "&":
		return d.entity(reading{end: i}, depth)
	case "\\":
		return d.escaped(reading{end: i}, depth)
	}
	return nil
}

// word goes on behind a reading with letters and digits, as many as there are up to most.
func (d *decoder) word(r reading, most, depth int) reading {
	for range most {
		next := reading{end: -1}
		for _, candidate := range d.readings(r.end, depth) {
			if len(candidate.value) == 1 && isAlphanumeric(candidate.value[0]) && candidate.end > next.end {
				next = candidate
			}
		}
		if next.end < 0 {
			break
		}
		r = reading{r.value + next.value, next.end, max(r.depth, next.depth)}
	}
	return r
}

// sign goes on behind a reading with one character.
func (d *decoder) sign(r reading, character string, depth int) []reading {
	var found []reading
	for _, next := range d.readings(r.end, depth) {
		if next.value == character {
			found = append(found, reading{r.value, next.end, max(r.depth, next.depth)})
		}
	}
	return found
}

// hex goes on behind a reading with a number of hex digits, and replaces its value.
func (d *decoder) hex(r reading, digits, depth int) (uint64, reading, bool) {
	word := d.word(reading{"", r.end, r.depth}, digits, depth)
	n, err := strconv.ParseUint(word.value, 16, 32)
	return n, word, err == nil && len(word.value) == digits
}

func (d *decoder) hexByte(r reading, depth int) []reading {
	n, r, ok := d.hex(r, 2, depth)
	if !ok {
		return nil
	}
	return []reading{{string([]byte{byte(n)}), r.end, r.depth}}
}

// longestName is that of an entity of HTML, in letters.
const longestName = 32

// entity reads a name or a number and its semicolon, which old pages leave out.
func (d *decoder) entity(r reading, depth int) []reading {
	var found []reading
	for _, begin := range append(d.sign(reading{"#", r.end, r.depth}, "#", depth), r) {
		name := d.word(begin, longestName, depth)
		value, known := entityOf(name.value)
		if !known {
			continue
		}
		name.value = value
		found = append(append(found, name), d.sign(name, ";", depth)...)
	}
	return found
}

func entityOf(name string) (string, bool) {
	for _, form := range []string{name, strings.ToLower(name)} { // a whole text may be in upper case
		if value := html.UnescapeString("&" + form + ";"); form != "" && !strings.HasPrefix(value, "&"+form) {
			return value, value != ""
		}
	}
	return "", false
}

// controls are the letters that stand for control characters behind a backslash.
var controls = map[string]string{"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "0": "\x00"}

// escaped reads what a backslash may stand before: \n, \u0041, \x41, or any sign.
func (d *decoder) escaped(r reading, depth int) []reading {
	var found []reading
	for _, next := range d.readings(r.end, depth) {
		control, is := controls[strings.ToLower(next.value)]
		switch {
		case len(next.value) != 1:
		case next.value == "u" || next.value == "U":
			found = append(found, d.unicode(next, depth)...)
		case next.value == "x" || next.value == "X":
			found = append(found, d.hexByte(next, depth)...)
		case is:
			found = append(found, reading{control, next.end, next.depth})
		case !isAlphanumeric(next.value[0]):
			found = append(found, next)
		}
	}
	return found
}

// unicode reads four hex digits, or two times four for what lies above, or eight.
func (d *decoder) unicode(r reading, depth int) []reading {
	var found []reading
	if n, eight, ok := d.hex(r, 8, depth); ok && n <= unicode.MaxRune {
		found = append(found, reading{string(rune(n)), eight.end, eight.depth})
	}
	n, r, ok := d.hex(r, 4, depth)
	high := rune(n)
	if !ok {
		return found
	}
	if !utf16.IsSurrogate(high) {
		return append(found, reading{string(high), r.end, r.depth})
	}
	for _, slash := range d.sign(r, "\\", depth) {
		for _, u := range append(d.sign(slash, "u", depth), d.sign(slash, "U", depth)...) {
			low, last, _ := d.hex(u, 4, depth)
			if both := utf16.DecodeRune(high, rune(low)); both != utf8.RuneError {
				found = append(found, reading{string(both), last.end, last.depth})
			}
		}
	}
	return found
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
