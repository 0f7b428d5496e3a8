package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
)

// said is a block of docs/first-week.md: a command, and what it prints.
type said struct {
	command string
	lines   []string
}

func firstWeek(t *testing.T) (all []said) {
	t.Helper()
	text, err := os.ReadFile("../../docs/first-week.md")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile("(?s)```text\n\\$ (.*?)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		block := said{command: m[1]}
		for line := range strings.Lines(m[2]) {
			if line = plain(line); line != "..." && line != "" {
				block.lines = append(block.lines, line)
			}
		}
		all = append(all, block)
	}
	require.Greater(t, len(all), 8)
	return all
}

var (
	spaces   = regexp.MustCompile(` +`)
	measured = regexp.MustCompile(`\b(\d+m)?\d+(\.\d+)?(ms|s)\b`)
	moments  = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?`)
	numbers  = regexp.MustCompile(`\d+`)
)

// plain is a line without what differs from one run to the next: times, and what they led to.
func plain(line string) string {
	line = strings.TrimSpace(spaces.ReplaceAllString(line, " "))
	line = moments.ReplaceAllString(line, "AT")
	if measured.MatchString(line) || strings.HasPrefix(line, "the list of servers is, in bytes") || strings.Contains(line, "is a line of ") {
		line = numbers.ReplaceAllString(measured.ReplaceAllString(line, "TIME"), "N")
	}
	for _, name := range []string{"version of WHMCS", "the module's version", "version of PHP", "panels[].rate"} {
		if strings.HasPrefix(line, name) {
			line = name
		}
	}
	return line
}

// prints requires a block's lines in a text, in their order.
func (s said) prints(t *testing.T, text string) {
	t.Helper()
	rest := []string{}
	for line := range strings.Lines(text) {
		rest = append(rest, plain(line))
	}
	for _, want := range s.lines {
		i := 0
		for i < len(rest) && rest[i] != want {
			i++
		}
		require.Less(t, i, len(rest), "$ %s\ndoes not print, at that place: %s\nbut:\n%s", s.command, want, text)
		rest = rest[i+1:]
	}
}

// TestTheFirstWeekPrintsWhatItSays: the commands of Monday and Tuesday, which need nothing but both vendors, print what
// docs/first-week.md shows. The page's later commands are those of other pages, with a set that runs.
func TestTheFirstWeekPrintsWhatItSays(t *testing.T) {
	s := newStand(t, "observe")
	file := billed(t, "")
	weekday := func(owners bool) {
		s.becomes(func(c *panelsim.Config) {
			c.Users = []panelsim.User{{Name: "cust7", Password: "secret-of-them", Level: 16}}
			c.Fleet = []panelsim.Server{{ID: "11", Name: "A1-11", Type: "E3-16G", Owner: "cust7", Hostname: "s7.example.com", Notes: "rack 4, unit 2", Power: panelsim.PowerOn},
				{ID: "12", Name: "A1-12", Type: "E3-16G"}, {ID: "13", Name: "A1-13", Type: "E3-16G"}, {ID: "14", Name: "B2-14", Type: "E5-64G"}}
			c.OwnerAsName, c.DisabledFlagOnly, c.InstallTime, c.PowerTime, c.FlagDelay = owners, true, time.Hour, 30*time.Millisecond, 10*time.Millisecond
			if owners {
				c.Filter = panelsim.FilterContains
			}
		})
	}
	weekday(true)
	ran := map[string]int{}
	for _, block := range firstWeek(t) {
		words := strings.Fields(block.command)
		switch {
		case strings.HasPrefix(block.command, "starter panel check"):
			if ran[block.command]++; ran[block.command] == 2 {
				weekday(false) // an update has changed the panel
			}
			r := s.run(words[1:]...)
			block.prints(t, strings.ReplaceAll(r.errOut+r.out+r.errOut, s.dir+"/", ""))
		case strings.HasPrefix(block.command, "starter panel drill"):
			r := s.run(words[1:]...)
			block.prints(t, strings.ReplaceAll(r.errOut+r.out+r.errOut, s.dir+"/", ""))
			ran["drill"]++
		case strings.HasPrefix(block.command, "starter whmcs check"):
			r := run(t, []string{"METALEASE_CONFIG=" + file}, "", words[1:]...)
			block.prints(t, r.errOut+r.out)
			ran["whmcs"]++
		case strings.HasPrefix(block.command, "cat "):
			text, err := os.ReadFile(filepath.Join(s.dir, words[1]))
			require.NoError(t, err)
			block.prints(t, string(text))
			ran["cat"]++
		}
	}
	require.Equal(t, map[string]int{"starter panel check fra1": 2, "drill": 2, "whmcs": 1, "cat": 1}, ran)
}
