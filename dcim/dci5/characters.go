package dci5

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// keptBase begins the 256 private characters that stand for bytes that are no text: control
// characters that XML forbids, and what is not UTF-8. A form is sent back with the bytes
// themselves, so that reading and saving changes nothing; whoever else reads the text sees
// U+FFFD. A true character of that range is kept as its bytes, so none is mistaken.
const keptBase = 0xF0000

func isKept(r rune) bool { return r >= keptBase && r <= keptBase+0xFF }

// readable is the text with what is no character replaced.
func readable(text string) string {
	if !strings.ContainsFunc(text, isKept) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isKept(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// asReceived is the text byte by byte as the panel wrote it.
func asReceived(text string) string {
	if !strings.ContainsFunc(text, isKept) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if isKept(r) {
			b.WriteByte(byte(r - keptBase))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// declaration finds the encoding that an XML declaration names.
var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// longestDeclaration is in bytes.
const longestDeclaration = 512

// inUTF8 reads an answer in the encoding of its byte order mark, else of its declaration, else
// of its header. One that is unknown is read as UTF-8: names and numbers are ASCII nearly everywhere.
func inUTF8(answer *bufio.Reader, charset string) io.Reader {
	begin, _ := answer.Peek(longestDeclaration) // a short answer is no error
	switch {
	case bytes.HasPrefix(begin, []byte("\xEF\xBB\xBF")):
		_, _ = answer.Discard(3)
		return answer
	case bytes.HasPrefix(begin, []byte("\xFE\xFF")), bytes.HasPrefix(begin, []byte("\xFF\xFE")):
		return transform.NewReader(answer, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	}
	if is, seen := strings.CutPrefix(charset, undeclared); seen {
		charset = is
	} else if found := declaration.FindSubmatch(begin); found != nil {
		charset = string(found[1])
	}
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return answer
	}
	if name, err := htmlindex.Name(encoding); err != nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") {
		return answer // a declaration that can be read as ASCII is none of UTF-16
	}
	return transform.NewReader(answer, encoding.NewDecoder())
}

// legalReader passes on what XML allows, and replaces the rest: an answer of a thousand servers
// must not be lost for one character in the label of one.
type legalReader struct {
	in  *bufio.Reader
	out []byte
	// cdata is true inside a section in which nothing is a reference.
	cdata bool
	// since counts the bytes since the last token; long is true once they were too many.
	since int
	long  bool
}

func newLegalReader(answer io.Reader, charset string) *legalReader {
	return &legalReader{in: bufio.NewReader(inUTF8(bufio.NewReader(answer), charset))}
}

// ReadByte is what encoding/xml calls.
func (l *legalReader) ReadByte() (byte, error) {
	if l.since++; l.since > maxToken {
		l.long = true
		return 0, io.ErrUnexpectedEOF
	}
	if len(l.out) == 0 {
		if err := l.next(); err != nil {
			return 0, err
		}
	}
	b := l.out[0]
	l.out = l.out[1:]
	return b, nil
}

// Read makes it an io.Reader; nothing uses it while there is ReadByte.
func (l *legalReader) Read(to []byte) (int, error) {
	if len(to) == 0 {
		return 0, nil
	}
	b, err := l.ReadByte()
	if err != nil {
		return 0, err
	}
	to[0] = b
	return 1, nil
}

// next fills out with the next character, or what stands for it.
func (l *legalReader) next() error {
	r, size, err := l.in.ReadRune()
	if err != nil {
		return err
	}
	l.out = l.out[:0]
	switch {
	case r == utf8.RuneError && size == 1:
		if err := l.in.UnreadRune(); err != nil {
			return err
		}
		b, err := l.in.ReadByte()
		if err != nil {
			return err
		}
		l.keep(b)
	case isKept(r) || !inXML(r):
		l.keep([]byte(string(r))...)
	case r == '&' && !l.cdata:
		l.reference()
	default:
		l.out = utf8.AppendRune(l.out, r)
		l.follow(r)
	}
	return nil
}

func (l *legalReader) keep(bytes ...byte) {
	for _, b := range bytes {
		l.out = utf8.AppendRune(l.out, keptBase+rune(b))
	}
}

// follow notices where a CDATA section begins and ends.
func (l *legalReader) follow(r rune) {
	switch {
	case r == '<' && !l.cdata:
		l.cdata = l.at("![CDATA[")
	case r == ']' && l.cdata && l.at("]>"):
		l.cdata = false
	}
}

func (l *legalReader) at(text string) bool {
	ahead, _ := l.in.Peek(len(text))
	return string(ahead) == text
}

// longestReference is in bytes, without the ampersand. Names of HTML are shorter.
const longestReference = 40

// reference passes on a reference that means something. One to a character that XML forbids
// becomes what stands for it, and an ampersand that begins nothing is one.
func (l *legalReader) reference() {
	ahead, _ := l.in.Peek(longestReference)
	name, _, ended := strings.Cut(string(ahead), ";")
	code, isNumber := strings.CutPrefix(name, "#")
	switch {
	case ended && !isNumber && isEntity(name):
		l.out = append(l.out, '&')
		return
	case ended && isNumber:
		if r, known := character(code); known {
			_, _ = l.in.Discard(len(name) + 1) // it was there a moment ago
			if inXML(r) && !isKept(r) {
				l.out = fmt.Appendf(l.out, "&#%d;", r)
			} else {
				l.keep([]byte(string(r))...)
			}
			return
		}
	}
	l.out = append(l.out, "&amp;"...)
}

// character reads the number of a reference; a number that is none of a character is U+FFFD.
func character(code string) (rune, bool) {
	digits, base := code, 10
	if hex, is := strings.CutPrefix(code, "x"); is {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return 0, false
	}
	if n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return utf8.RuneError, true
	}
	return rune(n), true
}

func isEntity(name string) bool {
	switch name {
	case "lt", "gt", "amp", "apos", "quot":
		return true
	}
	_, known := xml.HTMLEntity[name]
	return known
}

// inXML tells whether a character may stand in XML 1.0.
func inXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}
