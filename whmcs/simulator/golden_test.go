package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The golden calls of the client's tests, one after the other, are what the simulator
// answers: it may say more, and what it says is the same.
func TestTheSimulatorAnswersAsTheManualShows(t *testing.T) {
	product := Product{ID: 1, Name: "Dedicated E3-16G", Module: moduleName, Package: "E3-16G", OS: "ISPsystem__Debian-12-x86_64", Quantity: 1,
		Description: "A dedicated server of the configuration E3-16G.", Prices: asked(5000), Fields: []OrderField{{ID: 7, Name: "Reference"}}}
	w, err := New(Config{Products: []Product{product}, SystemURL: "https://billing.example.com/",
		Now: func() time.Time { return time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC) }})
	require.NoError(t, err)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	files, err := filepath.Glob("../testdata/shop/*.json")
	require.NoError(t, err)
	require.Greater(t, len(files), 20)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var golden struct {
			Action  string
			Request map[string]string
			Answer  map[string]any
		}
		require.NoError(t, json.Unmarshal(text, &golden))
		form := url.Values{"action": {golden.Action}, "identifier": {"identifier"}, "secret": {"secret"}, "responsetype": {"json"}}
		for key, value := range golden.Request {
			form.Set(key, value)
		}
		if golden.Action == "AddClient" {
			form.Set("password2", "a password")
		}
		resp, err := http.PostForm(server.URL+"/includes/api.php", form)
		require.NoError(t, err)
		var got map[string]any
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&got))
		require.NoError(t, resp.Body.Close())
		require.Empty(t, lacks(golden.Answer, got, ""), filepath.Base(file))
	}
	require.Empty(t, w.State().Orders)
	require.Len(t, w.State().Clients, 1)
}

// lacks says what of the golden value is not in the other, with its path. A number and
// its text are the same; of a list the golden one has some.
func lacks(golden, got any, path string) string {
	switch golden := golden.(type) {
	case map[string]any:
		other, is := got.(map[string]any)
		if !is {
			return fmt.Sprintf("%s is %v, and no object", path, got)
		}
		for key, value := range golden {
			if key == "access_token" || key == "redirect_url" { // new at each call
				if text, _ := other[key].(string); text == "" {
					return path + "." + key + " is empty"
				}
				continue
			}
			if _, there := other[key]; !there {
				return path + "." + key + " is missing"
			}
			if fault := lacks(value, other[key], path+"."+key); fault != "" {
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
