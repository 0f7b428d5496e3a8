package whmcs

import (
	"bytes"
	"fmt"
	"html"
	"regexp"

	"metalease/internal/secret"
)

// excerpt is how many characters of a foreign text an error keeps.
const excerpt = 200

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// describe says what an answer that is none looks like. Whatever may hold JSON is
// never quoted, for a reply of GetClientsProducts holds passwords; of a page only
// the title is.
func describe(body []byte, redactor *secret.Redactor) string {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return "nothing"
	case trimmed[0] == '<':
		if found := title.FindSubmatch(trimmed); found != nil {
			// Once more behind the unescaping, which may join what stood apart.
			return fmt.Sprintf("an HTML page titled %q", redactor.Clean(html.UnescapeString(redactor.Redact(string(cut(found[1])))), excerpt))
		}
		return "an HTML page"
	case bytes.ContainsAny(trimmed, "{["):
		return "something that is not JSON alone"
	}
	return fmt.Sprintf("%q", redactor.Clean(string(trimmed), excerpt))
}

// longestTitle is in bytes. A title that is longer is none.
const longestTitle = 4096

func cut(title []byte) []byte {
	if len(title) > longestTitle {
		return []byte("(too long)")
	}
	return title
}
