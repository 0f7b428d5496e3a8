package whmcs

import (
	"bytes"
	"mime"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// legalJSON makes an answer readable of which one text is not: another encoding than UTF-8 that
// the header names is decoded, a byte order mark left out, and a line break inside a text, which
// JSON forbids, written as JSON wants it, and any other control character there replaced. Wrong UTF-8 is replaced by encoding/json.
func legalJSON(body []byte, contentType string) []byte {
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		body = inUTF8(body, params["charset"])
	}
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if !bytes.ContainsFunc(body, isControl) {
		return body
	}
	legal := make([]byte, 0, len(body)+len(body)/8)
	inText, escaped := false, false
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case inText && b == '\\':
			escaped = true
		case b == '"':
			inText = !inText
		}
		if inText && b < ' ' {
			legal = append(legal, inJSON(b)...)
			continue
		}
		legal = append(legal, b)
	}
	return legal
}

// inJSON is what stands for a control character inside a text.
func inJSON(b byte) string {
	switch b {
	case '\t':
		return `\t`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	}
	return string(utf8.RuneError)
}

func isControl(r rune) bool { return r < ' ' }

// inUTF8 decodes an encoding that is known; any other is taken for UTF-8.
func inUTF8(body []byte, charset string) []byte {
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return body
	}
	if name, err := htmlindex.Name(encoding); err != nil || name == "utf-8" {
		return body
	}
	decoded, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return decoded
}
