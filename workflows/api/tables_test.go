package api_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

var update = flag.Bool("update", false, "write the documents that are made from tables")

// attentionDocument is docs/attention.md: a runbook for whoever is called.
func attentionDocument() string {
	var b strings.Builder
	b.WriteString(`# What waits for a person, and what to do

Made from the table in workflows/api/attention.go; a test fails when it is stale
(` + "`go test ./workflows/api -run TestDocuments -update`" + ` makes it anew).

` + "`starter list --attention`" + ` lists the services that wait, ` + "`starter status ID`" + ` says why and what can be done.
A word of a person answers the attention whose number the status shows; a word for an older one is ignored.
"Stops nothing" is something to see: the service goes on meanwhile.

`)
	for _, row := range api.AttentionTable {
		fmt.Fprintf(&b, "## %s\n\n%s\n\nWhat to do: %s\n\nAnswers: %s.", row.Code, row.Meaning, row.Runbook, "`"+strings.Join(row.Actions, "`, `")+"`")
		if row.Notice {
			b.WriteString(" Stops nothing.")
		}
		if row.Approvable {
			b.WriteString(" `retry` says that it is meant.")
		}
		b.WriteString("\n\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func TestDocuments(t *testing.T) {
	const path = "../../docs/attention.md"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(attentionDocument()), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, attentionDocument(), string(text), "docs/attention.md is stale: run this test with -update")
}

func TestTheReadmeShowsTheSignalsOfTheTable(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, signal := range api.SignalTable {
		fields := append([]string{"event_id"}, signal.Fields...)
		row := fmt.Sprintf("| `%s` | `%s` | %s |", signal.Name, strings.Join(append(fields, "reason", "source"), ", "), signal.Effect)
		require.Contains(t, string(text), row)
	}
}

func TestAttentionCodesAreComplete(t *testing.T) {
	require.True(t, slices.IsSortedFunc(api.AttentionTable, func(a, b api.AttentionCode) int { return strings.Compare(a.Code, b.Code) }))
	errors := map[string]string{}
	for _, row := range api.AttentionTable {
		require.NotEmpty(t, row.Meaning, row.Code)
		require.NotEmpty(t, row.Runbook, row.Code)
		require.NotEmpty(t, row.Actions, row.Code)
		for _, action := range row.Actions {
			require.Contains(t, api.Signals, action, row.Code)
		}
		for _, kind := range row.Errors {
			require.Empty(t, errors[kind], "%s has two codes", kind)
			errors[kind] = row.Code
			require.Equal(t, row.Code, api.AttentionOf(kind).Code)
		}
	}
	require.Equal(t, "failed", api.AttentionOf("never seen").Code)
	require.Equal(t, "no_such_code", api.Attend("no_such_code").Code)
	require.Equal(t, api.CodeLimit, api.AttentionOf(edge.ErrLimit).Code)
}

func TestSignalFieldsAreFieldsOfTheEvent(t *testing.T) {
	event := reflect.TypeFor[api.Event]()
	var fields []string
	for i := range event.NumField() {
		name, _, _ := strings.Cut(event.Field(i).Tag.Get("json"), ",")
		fields = append(fields, name)
	}
	for _, signal := range api.SignalTable {
		for _, field := range signal.Fields {
			require.Contains(t, fields, field, signal.Name)
		}
	}
}
