package simulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
)

// encode writes an answer in the wanted form (docs/dcimanager.md 2.4) and tells its
// content type. No form, or an unknown one, is the browser's.
func encode(doc *node, out string, in Encoding) ([]byte, string) {
	switch strings.ToLower(out) {
	case "xml", "devel":
		return in.encode(encodeXML(doc, in.declared())), "text/xml; charset=" + in.declared()
	case "json", "sjson":
		return marshal(map[string]any{"doc": doc.object()}), "application/json; charset=UTF-8"
	case "jsondata":
		return marshal(doc.data()), "application/json; charset=UTF-8"
	case "bjson":
		return marshal(doc.brief()), "application/json; charset=UTF-8"
	case "text":
		return encodeText(doc), "text/plain; charset=UTF-8"
	}
	return encodeHTML(doc), "text/html; charset=UTF-8"
}

func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps and slices of strings always encode
	}
	return text
}

func encodeXML(doc *node, encoding string) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="` + encoding + `"?>` + "\n")
	doc.writeXML(&b)
	b.WriteByte('\n')
	return b.Bytes()
}

func (n *node) writeXML(b *bytes.Buffer) {
	b.WriteString("<" + n.name)
	for _, a := range n.attrs {
		b.WriteString(" " + a.name + `="`)
		escape(b, a.value)
		b.WriteByte('"')
	}
	if n.text == "" && len(n.children) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	escape(b, n.text)
	for _, c := range n.children {
		c.writeXML(b)
	}
	b.WriteString("</" + n.name + ">")
}

// escape writes characters that XML forbids as they are: what somebody has typed into a field
// stands in the panel's database, and comes out of it.
func escape(b *bytes.Buffer, text string) {
	for _, r := range text {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			b.WriteRune(r)
			continue
		}
		_ = xml.EscapeText(b, []byte(string(r))) // a buffer takes everything
	}
}

// object is an element in out=json: text under $, attributes under $name, what
// is repeated as an array.
func (n *node) object() map[string]any {
	object := map[string]any{}
	if n.list {
		object["elem"] = []any{}
	}
	if n.text != "" {
		object["$"] = n.text
	}
	for _, a := range n.attrs {
		object["$"+a.name] = a.value
	}
	for _, c := range n.children {
		switch there := object[c.name].(type) {
		case []any:
			object[c.name] = append(there, c.object())
		case nil:
			object[c.name] = any(c.object())
			if c.many {
				object[c.name] = []any{c.object()}
			}
		default:
			object[c.name] = []any{there, c.object()}
		}
	}
	return object
}

// data is out=JSONdata: a bare array of flat rows. What other answers look like
// is unconfirmed: one flat object.
func (n *node) data() any {
	if !n.list {
		return n.flat()
	}
	rows := []any{}
	for _, c := range n.children {
		rows = append(rows, c.flat())
	}
	return rows
}

func (n *node) flat() map[string]any {
	flat := map[string]any{}
	for _, a := range n.attrs {
		flat[a.name] = a.value
	}
	for _, c := range n.children {
		if len(c.children) == 0 {
			flat[c.name] = c.text
			continue
		}
		if c.many {
			rows, _ := flat[c.name].([]any)
			flat[c.name] = append(rows, c.flat())
			continue
		}
		flat[c.name] = c.flat()
	}
	return flat
}

// brief is out=bjson: plain values beside "ok":true. The full shape is unconfirmed.
func (n *node) brief() map[string]any {
	brief := n.flat()
	_, failed := brief["error"]
	if n.list {
		brief["elem"] = n.data()
	}
	brief["ok"] = !failed
	return brief
}

func encodeText(doc *node) []byte {
	var b bytes.Buffer
	line := func(n *node) {
		for i, c := range n.children {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%s=%s", c.name, c.text)
		}
		b.WriteByte('\n')
	}
	if !doc.list {
		line(doc)
		return b.Bytes()
	}
	for _, c := range doc.children {
		line(c)
	}
	return b.Bytes()
}

func encodeHTML(doc *node) []byte {
	for _, c := range doc.children {
		if c.name == "error" {
			doc = document(field("error", c.get("msg")))
		}
	}
	return []byte("<!DOCTYPE html>\n<html><head><title>DCImanager</title></head><body><pre>" +
		html.EscapeString(string(encodeText(doc))) + "</pre></body></html>\n")
}
