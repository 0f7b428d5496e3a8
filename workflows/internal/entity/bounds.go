package entity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/internal/clean"

	"go.temporal.io/sdk/workflow"
)

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
	*r.options.Notices = Last(append(*r.options.Notices, Notice{workflow.Now(r.Ctx), clean.CutJSON(what, noticeLimit)}), keepNotices)
	r.show()
}

// Details says on the entity's page what goes on, in Markdown: what others have written is made
// so before.
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
		fmt.Fprintf(&b, "\n- %s %s", n.At.UTC().Format(time.RFC3339), clean.Markdown(n.What, noticeLimit))
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
