package house_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// written are the kinds of file in which people write sentences.
var written = []string{".go", ".php", ".sh", ".md", ".yaml", ".yml", ".tpl", ".mod", ".env", ".example", "Makefile", "Dockerfile"}

// elsewhere is what no file may speak of, since a reader of the repository does not have it. Put together, so that this file is none.
var elsewhere = []struct {
	what *regexp.Regexp
	fix  string
}{
	{regexp.MustCompile(`\bDES` + `IGN\b`), "cite docs/architecture.md"},
	{regexp.MustCompile(`(^|[^\w./-])(\.\./)*(shared/)?refer` + `ence/\w`), "cite docs/dcimanager.md, docs/whmcs-api.md or docs/temporal.md"},
	{regexp.MustCompile(`(^|[^\w./-])/(wo` + `rk|ho` + `me/\w+)/`), "that path is of one machine"},
}

func TestNothingPointsOutOfTheRepository(t *testing.T) {
	var faults []string
	for _, path := range files(t, written...) {
		number := 0
		for line := range strings.Lines(read(t, path)) {
			number++
			for _, e := range elsewhere {
				if found := e.what.FindString(line); found != "" {
					faults = append(faults, fmt.Sprintf("%s:%d says %q: %s", path, number, strings.TrimSpace(found), e.fix))
				}
			}
		}
	}
	report(t, faults)
}

// A citation such as docs/dcimanager.md 3.2: the file, and the number of a heading in it.
var citation = regexp.MustCompile(`\b(docs/[\w/-]+\.md)(?: (\d+(?:\.\d+)*))?`)

func TestWhatCommentsCiteIsThere(t *testing.T) {
	documents := map[string]string{}
	for _, path := range files(t, ".md") {
		documents[path] = read(t, path)
	}
	var faults []string
	for _, path := range files(t, ".go", ".php", ".sh", ".yaml", ".yml", ".md") {
		number := 0
		for line := range strings.Lines(read(t, path)) {
			number++
			for _, cited := range citation.FindAllStringSubmatch(line, -1) {
				text, exists := documents[cited[1]]
				switch {
				case !exists:
					faults = append(faults, fmt.Sprintf("%s:%d cites %s, which is not there", path, number, cited[1]))
				case cited[2] != "" && !heading(text, cited[2]):
					faults = append(faults, fmt.Sprintf("%s:%d cites %s, which has no heading %s", path, number, cited[1], cited[2]))
				}
			}
		}
	}
	report(t, faults)
}

func heading(document, number string) bool {
	return regexp.MustCompile(`(?m)^#+ ` + regexp.QuoteMeta(number) + `[. :]`).MatchString(document)
}

func TestCitationsAreTakenApart(t *testing.T) {
	for text, want := range map[string][]string{
		"see docs/dcimanager.md 3.2, and so on": {"docs/dcimanager.md", "3.2"},
		"(docs/whmcs-api.md 4)":                 {"docs/whmcs-api.md", "4"},
		"docs/claims.md lists them":             {"docs/claims.md", ""},
	} {
		require.Equal(t, want, citation.FindStringSubmatch(text)[1:], text)
	}
	document := "# Title\n\n## 3. Calls\n\n### 3.2 Forms\n"
	for number, there := range map[string]bool{"3": true, "3.2": true, "3.1": false, "2": false} {
		require.Equal(t, there, heading(document, number), number)
	}
}

// gofmt keeps Go; the other languages of the repository are indented by spaces.
func TestSpacesIndent(t *testing.T) {
	for _, path := range files(t, ".php", ".yaml", ".yml", ".tpl") {
		require.NotContains(t, read(t, path), "\t", "%s has a tab", path)
	}
}
