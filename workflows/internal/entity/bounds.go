package entity

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.temporal.io/sdk/workflow"
)

// Cut shortens a text so that its JSON is at most limit bytes long, and makes it valid UTF-8. A
// text that is short enough stays as it is; three dots stand for what was cut.
func Cut(text string, limit int) string {
	const dots = "..."
	text = strings.ToValidUTF8(text, "?")
	size, kept := 0, 0
	for i, char := range text {
		size += jsonSize(char)
		if size <= limit-len(dots) {
			kept = i + utf8.RuneLen(char)
		}
		if size > limit {
			return text[:kept] + dots[:min(len(dots), limit)]
		}
	}
	return text
}

// Fits tells whether Cut would leave the text as it is.
func Fits(text string, limit int) bool { return Cut(text, limit) == text }

// jsonSize is how many bytes encoding/json needs for a character at most.
func jsonSize(char rune) int {
	switch {
	case char < ' ', char == 0x7f, char == '<', char == '>', char == '&', char == 0x2028, char == 0x2029:
		return len(`\u0000`)
	case char == '"', char == '\\':
		return 2
	}
	return utf8.RuneLen(char)
}

// Last keeps the newest n of a list.
func Last[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	return slices.Clone(list[len(list)-n:])
}

// Notice is something that people should see on an entity's page.
type Notice struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// Limits of the notices of an entity.
const (
	keepNotices = 5
	noticeLimit = 300
)

// Notice shows people what happened, among the last five below the details.
func (r *Run) Notice(what string) {
	*r.options.Notices = Last(append(*r.options.Notices, Notice{workflow.Now(r.Ctx), Cut(what, noticeLimit)}), keepNotices)
	r.show()
}

// Details says on the entity's page what goes on, in Markdown.
func (r *Run) Details(text string) {
	r.details = text
	r.show()
}

func (r *Run) show() {
	var b strings.Builder
	b.WriteString(r.details)
	if len(*r.options.Notices) > 0 {
		b.WriteString("\n\nNoticed:\n")
	}
	for _, n := range *r.options.Notices {
		fmt.Fprintf(&b, "\n- %s %s", n.At.UTC().Format(time.RFC3339), n.What)
	}
	workflow.SetCurrentDetails(r.Ctx, b.String())
}

// CheckVersion is the version that a state has from now on. A state of a newer build panics: the
// run stops, and loses nothing, until a worker of that build is back.
func CheckVersion(stored, known int) int {
	if stored > known {
		panic(fmt.Sprintf("the state has version %d, and this build knows %d: run a newer worker", stored, known))
	}
	return known
}
