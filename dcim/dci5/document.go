package dci5

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strings"
)

// node is one element of an answer. Namespaces are ignored, CDATA is text.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

var errNoDocument = errors.New("the root element is not doc")

// decode reads an answer. A DOCTYPE is skipped and what it declares is never
// expanded: entities that neither XML nor HTML knows make the answer invalid.
func decode(text []byte) (node, error) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.Entity = xml.HTMLEntity // messages are written for browsers
	var doc node
	if err := decoder.Decode(&doc); err != nil {
		return node{}, err
	}
	if doc.name() != "doc" {
		return node{}, errNoDocument
	}
	return doc, nil
}

func (n node) name() string { return n.XMLName.Local }

func (n node) text() string { return strings.TrimSpace(n.Text) }

func (n node) child(name string) (node, bool) {
	for _, c := range n.Children {
		if c.name() == name {
			return c, true
		}
	}
	return node{}, false
}

// get is the text of a child; empty when there is none.
func (n node) get(name string) string {
	c, _ := n.child(name)
	return c.text()
}

// has tests a flag: it is set when the element is there, whatever its text
// (docs/dcimanager.md 4.1).
func (n node) has(name string) bool {
	_, there := n.child(name)
	return there
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rows are the rows of a list.
func (n node) rows() []node {
	var rows []node
	for _, c := range n.Children {
		if c.name() == "elem" {
			rows = append(rows, c)
		}
	}
	return rows
}

// nestedRows are the rows at any depth: address lists nest them (docs/dcimanager.md 3.7).
func (n node) nestedRows() []node { return n.appendRows(nil) }

func (n node) appendRows(rows []node) []node {
	for _, c := range n.Children {
		if c.name() == "elem" {
			rows = append(rows, c)
		}
		rows = c.appendRows(rows)
	}
	return rows
}
