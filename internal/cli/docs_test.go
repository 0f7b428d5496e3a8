package cli

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

//go:generate go test -run TestTheDocumentIsThatOfTheCommands -update .

var update = flag.Bool("update", false, "write docs/cli.md anew")

// commandDocument is docs/cli.md: every command of both programs, as its help tells it.
func commandDocument() string {
	var b strings.Builder
	b.WriteString("# The command lines\n\n" +
		"<!-- Made from the commands by a test of internal/cli: `go generate ./internal/cli` writes it anew. -->\n\n" +
		"`starter help COMMAND` and `worker --help` say the same at a terminal.\n")
	for _, root := range []*cobra.Command{starterCommand(Streams{}), workerCommand(Streams{})} {
		for _, cmd := range every(root) {
			heading := strings.Repeat("#", 2+min(1, strings.Count(cmd.CommandPath(), " ")))
			fmt.Fprintf(&b, "\n%s %s\n\n%s\n\n```text\n%s```\n", heading, cmd.CommandPath(), fenced(longText(cmd)), typed(cmd, helpWidth))
		}
	}
	return b.String()
}

// fenced keeps indented lines as they are.
func fenced(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  ") {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}

func TestTheDocumentIsThatOfTheCommands(t *testing.T) {
	const path = "../../docs/cli.md"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(commandDocument()), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, commandDocument(), string(text), "docs/cli.md is stale: go generate ./internal/cli")
}
