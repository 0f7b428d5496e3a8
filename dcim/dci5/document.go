package dci5

import (
	"fmt"
	"strings"
)

// node is one element of an answer. Namespaces are ignored, CDATA is text.
type node struct {
	name     string
	attrs    []attribute
	raw      string
	children []node
	// fault is why the element was not read whole; empty when it was. It is a row's own affair:
	// what stands around the row does not have it.
	fault string
}

type attribute struct{ name, value string }

// rowName is the element of a row.
const rowName = "elem"

// spoil notes the first fault of an element.
func (n *node) spoil(format string, args ...any) {
	if n.fault == "" {
		n.fault = fmt.Sprintf(format, args...)
	}
}

func (n node) text() string { return strings.TrimSpace(readable(n.raw)) }

func (n node) child(name string) (node, bool) {
	for _, c := range n.children {
		if c.name == name {
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
	for _, a := range n.attrs {
		if a.name == name {
			return readable(a.value)
		}
	}
	return ""
}

// rows are the rows of a list.
func (n node) rows() []node {
	var rows []node
	for _, c := range n.children {
		if c.name == rowName {
			rows = append(rows, c)
		}
	}
	return rows
}

// nestedRows are the rows at any depth: address lists nest them (docs/dcimanager.md 3.7).
func (n node) nestedRows() []node { return n.appendRows(nil) }

func (n node) appendRows(rows []node) []node {
	for _, c := range n.children {
		if c.name == rowName {
			rows = append(rows, c)
		}
		rows = c.appendRows(rows)
	}
	return rows
}
