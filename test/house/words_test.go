package house_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// written are the kinds of file in which people write. What comments cite is the matter of internal/docs.
var written = []string{".go", ".php", ".sh", ".md", ".yaml", ".yml", ".json", ".sql", ".tpl", ".mod", ".env", ".example", "Makefile", "Dockerfile"}

// ofOneMachine is a folder that other machines do not have. Put together, so that this file does not hold one.
var ofOneMachine = regexp.MustCompile(`(?:^|[^\w./-])/(?:wo` + `rk|ho` + `me/\w+|Us` + `ers/\w+)/`)

func TestNoPathOfOneMachine(t *testing.T) {
	var faults []string
	for _, path := range files(t, written...) {
		number := 0
		for line := range strings.Lines(read(t, path)) {
			number++
			if ofOneMachine.MatchString(line) {
				faults = append(faults, fmt.Sprintf("%s:%d names a folder of one machine; say it from the root of the repository: %s", path, number, strings.TrimSpace(line)))
			}
		}
	}
	report(t, faults)

	require.Regexp(t, ofOneMachine, "see /wo"+"rk/x")
	require.NotRegexp(t, ofOneMachine, "see net/wo"+"rk/x and ./wo"+"rk/")
}

// gofmt keeps Go; the other languages of the repository are indented by spaces.
func TestSpacesIndent(t *testing.T) {
	for _, path := range files(t, ".php", ".yaml", ".yml", ".tpl") {
		require.NotContains(t, read(t, path), "\t", "%s has a tab", path)
	}
}
