package dci5

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// What an answer may hold. A panel of 20 000 servers stays below; an answer beyond is refused
// before it takes more memory than a worker has.
const (
	maxNodes = 500_000
	maxDepth = 100
	// maxToken is how many bytes may stand between two tags.
	maxToken = 4 << 20
	// maxText is how long a text may be, in bytes; what is longer costs its row. Notes are the
	// longest that is known.
	maxText = 64 << 10
	// maxFields and maxAttributes are those of one element; rows are not counted as fields.
	maxFields     = 5000
	maxAttributes = 50
)

// tooLarge is the error of an answer over a limit.
type tooLarge string

func (e tooLarge) Error() string { return string(e) }

var errNoDocument = errors.New("the root element is not doc")

// decode reads an answer while it arrives. A DOCTYPE is skipped, and what it declares is never
// expanded: a name that neither XML nor HTML knows stays text. What is no character, or is
// encoded otherwise than it says, is replaced (characters.go). Errors: tooLarge; of an answer
// that breaks off or is no XML, those of encoding/xml.
func decode(answer io.Reader, charset string) (node, error) {
	legal := newLegalReader(answer, charset)
	p := parser{in: legal, tokens: xml.NewDecoder(legal), names: map[string]string{}}
	p.tokens.Entity = xml.HTMLEntity // messages are written for browsers
	p.tokens.CharsetReader = func(_ string, decoded io.Reader) (io.Reader, error) { return decoded, nil }
	doc, err := p.document()
	if err != nil && legal.long {
		err = tooLarge(fmt.Sprintf("more than %d bytes of the answer are one text", maxToken))
	}
	if err != nil && p.last != "" {
		return node{}, fmt.Errorf("%w, behind the row of id %s", err, p.last)
	}
	return doc, err
}

type parser struct {
	in     *legalReader
	tokens *xml.Decoder
	// names keeps one text for each name of an element.
	names map[string]string
	nodes int
	// last is the id of the row that was read last.
	last string
}

// token is the next one. Attributes, and whatever is no text and no end, count as elements.
func (p *parser) token() (xml.Token, error) {
	p.in.since = 0
	token, err := p.tokens.Token()
	switch token := token.(type) {
	case xml.StartElement:
		p.nodes += 1 + len(token.Attr)
	case xml.Comment, xml.ProcInst, xml.Directive:
		p.nodes++
	}
	if err == nil && p.nodes > maxNodes {
		return nil, tooLarge(fmt.Sprintf("the answer has more than %d elements", maxNodes))
	}
	return token, err
}

func (p *parser) document() (node, error) {
	for {
		token, err := p.token()
		if err != nil {
			return node{}, err
		}
		if start, is := token.(xml.StartElement); is {
			if start.Name.Local != "doc" {
				return node{}, errNoDocument
			}
			return p.element(start, 1)
		}
	}
}

func (p *parser) element(start xml.StartElement, depth int) (node, error) {
	n := node{name: p.name(start.Name.Local)}
	if depth > maxDepth {
		return n, tooLarge(fmt.Sprintf("the elements of the answer lie more than %d deep", maxDepth))
	}
	n.keep(start.Attr)
	var text strings.Builder
	fields := 0
	for {
		token, err := p.token()
		if err != nil {
			return n, err
		}
		switch token := token.(type) {
		case xml.CharData:
			n.addText(&text, token)
		case xml.StartElement:
			if token.Name.Local != rowName {
				fields++
			}
			if fields > maxFields {
				n.spoil("it has more than %d fields", maxFields)
				if err := p.skip(); err != nil {
					return n, err
				}
				continue
			}
			child, err := p.element(token, depth+1)
			if err != nil {
				return n, err
			}
			n.take(child)
		case xml.EndElement:
			n.raw = text.String()
			if len(n.children) > 0 {
				n.raw = strings.TrimSpace(n.raw)
			}
			if n.name == rowName {
				p.last = cutID(n.get("id"))
			}
			return n, nil
		}
	}
}

// skip passes over an element within the limits of the answer.
func (p *parser) skip() error {
	for open := 1; open > 0; {
		token, err := p.token()
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
	}
	return nil
}

// take adds a child. The fault of a field is the row's; that of a row stays its own.
func (n *node) take(child node) {
	n.children = append(n.children, child)
	if child.fault != "" && child.name != rowName {
		n.spoil("%s: %s", child.name, child.fault)
	}
}

func (n *node) addText(text *strings.Builder, more []byte) {
	if text.Len()+len(more) <= maxText {
		text.Write(more)
		return
	}
	if n.fault == "" {
		text.WriteString("…") // so that it equals nothing by chance
	}
	n.spoil("its text is longer than %d bytes", maxText)
}

func (n *node) keep(attrs []xml.Attr) {
	for i, a := range attrs {
		if i == maxAttributes || len(a.Value) > maxText {
			n.spoil("its attributes are too many or too long")
			return
		}
		n.attrs = append(n.attrs, attribute{a.Name.Local, a.Value})
	}
}

// name is the one copy of a name. There are few: an answer with many is let be.
func (p *parser) name(local string) string {
	if known, there := p.names[local]; there {
		return known
	}
	if len(p.names) < 1000 {
		p.names[local] = local
	}
	return local
}

// cutID keeps an id short enough for an error.
func cutID(id string) string { return id[:min(len(id), 40)] }
