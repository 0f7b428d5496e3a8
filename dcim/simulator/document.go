package simulator

// node is one element of an answer, before it is encoded.
type node struct {
	name, text string
	attrs      []attr
	children   []*node
	// many keeps an element an array in JSON even when it is alone: clients index it.
	many bool
	// list marks the document of a list function.
	list bool
}

type attr struct{ name, value string }

func element(name string, children ...*node) *node {
	return &node{name: name, children: children}
}

func field(name, value string) *node { return &node{name: name, text: value} }

// row is one elem of a list.
func row(children ...*node) *node {
	return &node{name: "elem", children: children, many: true}
}

func document(children ...*node) *node { return element("doc", children...) }

// list is the document of a list function.
func list(rows ...*node) *node {
	doc := document(rows...)
	doc.list = true
	return doc
}

// done is the success document (docs/dcimanager.md 2.7), with fields of a new object.
func done(fields ...*node) *node {
	return document(append(fields, element("ok"))...)
}

func (n *node) with(name, value string) *node {
	n.attrs = append(n.attrs, attr{name, value})
	return n
}

// get is the text of a child; empty when there is none.
func (n *node) get(name string) string {
	for _, c := range n.children {
		if c.name == name {
			return c.text
		}
	}
	return ""
}

func (n *node) add(children ...*node) *node {
	n.children = append(n.children, children...)
	return n
}
