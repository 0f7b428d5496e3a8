package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A command of ours in a document is a line of a code block, behind a prompt where one shows what is printed too, or a text between
// backticks.
var (
	codeBlock = regexp.MustCompile("(?ms)^ *```(sh|text)\n(.*?)^ *```")
	inline    = regexp.MustCompile("`((?:starter|worker) [^`]+)`")
)

// commandsOf are the commands of both programs that a document tells people to type.
func commandsOf(text string) []string {
	var all []string
	for _, block := range codeBlock.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[2]) {
			line, prompted := strings.CutPrefix(strings.TrimSpace(line), "$ ")
			if block[1] == "text" && !prompted {
				continue
			}
			line, _, _ = strings.Cut(line, " # ")
			if strings.HasPrefix(line, "starter ") || strings.HasPrefix(line, "worker ") {
				all = append(all, line)
			}
		}
	}
	for _, m := range inline.FindAllStringSubmatch(codeBlock.ReplaceAllString(text, ""), -1) {
		all = append(all, m[1])
	}
	return all
}

var word = regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`)

// words splits a line as a shell does, as far as the documents need it. What comes after a pipe is another program's.
func words(line string) []string {
	line, _, _ = strings.Cut(line, " | ")
	line, _, _ = strings.Cut(line, " && ")
	line, _, _ = strings.Cut(line, " > ")
	var all []string
	for _, w := range word.FindAllString(line, -1) {
		all = append(all, strings.Trim(w, `"'`))
	}
	return all
}

// takes tells why the programs would not take a command; nil when they would.
func takes(line string) error {
	all := words(line)
	root := starterCommand(Streams{})
	if all[0] == "worker" {
		root = workerCommand(Streams{})
	}
	cmd, rest, err := root.Find(all[1:])
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	if cmd == root && root.Name() == "starter" && len(rest) > 0 {
		return wrongUsage("there is no command %q", rest[0])
	}
	if help, _ := cmd.Flags().GetBool("help"); help || cmd.Args == nil {
		return nil
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// TestTheCommandsOfTheDocumentsAreTaken: what people are told to type exists, with these flags and arguments.
func TestTheCommandsOfTheDocumentsAreTaken(t *testing.T) {
	for name, least := range map[string]int{"operations.md": 40, "troubleshooting.md": 15} {
		text, err := os.ReadFile("../../docs/" + name)
		require.NoError(t, err)
		commands := commandsOf(string(text))
		require.Greater(t, len(commands), least, "%s: the commands were not found", name)
		for _, line := range commands {
			require.NoError(t, takes(line), "%s: %s", name, line)
		}
	}
}

func TestWrongCommandsOfDocumentsAreSeen(t *testing.T) {
	for _, line := range []string{
		"starter nonsense 101", "starter status", "starter suspend 101 --no-such-flag", "worker --connct", "starter pause --panel fra1 extra words",
	} {
		require.Error(t, takes(line), line)
	}
	require.NoError(t, takes(`starter suspend 101 --reason "abuse: port scans"`))
}
