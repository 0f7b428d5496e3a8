// Package golden reads the calls and answers that WHMCS's manual shows (whmcs/testdata/shop), and compares
// them with what a simulated WHMCS says. Only tests import it.
package golden

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Call is one call and its answer, as far as we read it.
type Call struct {
	// Name is that of the file.
	Name    string            `json:"-"`
	Action  string            `json:"action"`
	Request map[string]string `json:"request"`
	Answer  map[string]any    `json:"answer"`
}

// Calls reads the calls of a folder, in their order. What the files leave out, a new client's password, is
// filled in.
func Calls(t *testing.T, folder string) []Call {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	require.NoError(t, err)
	require.Greater(t, len(files), 20)
	var calls []Call
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		call := Call{Name: filepath.Base(file)}
		require.NoError(t, json.Unmarshal(text, &call))
		if call.Action == "AddClient" {
			call.Request["password2"] = "a password"
		}
		calls = append(calls, call)
	}
	return calls
}

// anew are fields that are others at each call: there must be something in them.
var anew = map[string]bool{"access_token": true, "redirect_url": true, "date": true, "duedate": true, "ordernum": true}

// Lacks says what of the golden value is not in the other, with its path; empty is nothing. A number and its
// text are the same; of a list the golden one has some.
func Lacks(golden, got any) string { return lacks(golden, got, "") }

func lacks(golden, got any, path string) string {
	switch golden := golden.(type) {
	case map[string]any:
		other, is := got.(map[string]any)
		if !is {
			return fmt.Sprintf("%s is %v, and no object", path, got)
		}
		for key, value := range golden {
			if found, there := other[key]; !there || anew[key] && (found == nil || fmt.Sprint(found) == "") {
				return path + "." + key + " is missing"
			}
			if fault := lacks(value, other[key], path+"."+key); fault != "" && !anew[key] {
				return fault
			}
		}
		return ""
	case []any:
		others, is := got.([]any)
		if !is {
			return fmt.Sprintf("%s is %v, and no list", path, got)
		}
		for _, value := range golden {
			fault := path + " is empty"
			for _, other := range others {
				if fault = lacks(value, other, path+"[]"); fault == "" {
					break
				}
			}
			if fault != "" {
				return fault
			}
		}
		return ""
	}
	if fmt.Sprint(golden) != fmt.Sprint(got) {
		return fmt.Sprintf("%s is %v, and not %v", path, got, golden)
	}
	return ""
}
