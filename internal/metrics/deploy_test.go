package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// rule is an alert of deploy/prometheus/rules.yaml.
type rule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func rules(t *testing.T) []rule {
	t.Helper()
	text, err := os.ReadFile(root + "/deploy/prometheus/rules.yaml")
	require.NoError(t, err)
	var file struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	require.Len(t, file.Groups, 1)
	return file.Groups[0].Rules
}

// dashboard is as much of a Grafana dashboard as a test reads.
type dashboard struct {
	UID    string `json:"uid"`
	Panels []struct {
		ID         int    `json:"id"`
		Title      string `json:"title"`
		Datasource struct{ UID string }
		GridPos    struct{ X, Y, W, H int }
		Targets    []struct{ Expr string }
	}
}

func dashboards(t *testing.T) map[string]dashboard {
	t.Helper()
	paths, err := filepath.Glob(root + "/deploy/grafana/dashboards/*.json")
	require.NoError(t, err)
	require.Len(t, paths, 3)
	all := map[string]dashboard{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var d dashboard
		require.NoError(t, json.Unmarshal(text, &d), path)
		all[filepath.Base(path)] = d
	}
	return all
}

// named are the metrics of an expression; quoted texts are values of labels.
var (
	named  = regexp.MustCompile(`\b(?:metalease|temporal)_[a-z_]+`)
	quoted = regexp.MustCompile(`"[^"]*"`)
)

// known tells whether a page shows a name: a histogram has three.
func known(name string) bool {
	if slices.Contains(SDK, name) || slices.Contains(SDK, strings.TrimSuffix(name, "_bucket")) {
		return true
	}
	return slices.ContainsFunc(Table, func(m Metric) bool {
		if m.Kind != Histogram {
			return m.Name == name
		}
		return name == m.Name+"_bucket" || name == m.Name+"_sum" || name == m.Name+"_count"
	})
}

func TestWhatIsAskedIsThere(t *testing.T) {
	exprs := map[string]string{}
	for _, r := range rules(t) {
		exprs[r.Alert] = r.Expr
	}
	uids := map[string]bool{}
	for file, d := range dashboards(t) {
		require.False(t, uids[d.UID])
		uids[d.UID] = true
		ids := map[int]bool{}
		for _, p := range d.Panels {
			require.False(t, ids[p.ID], "%s: two panels %d", file, p.ID)
			ids[p.ID] = true
			require.Equal(t, "prometheus", p.Datasource.UID)
			require.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24, "%s: %s", file, p.Title)
			require.NotEmpty(t, p.Targets, p.Title)
			for i, target := range p.Targets {
				exprs[fmt.Sprintf("%s: %s %d", file, p.Title, i)] = target.Expr
			}
		}
	}
	used := map[string]bool{}
	for where, expr := range exprs {
		for _, name := range named.FindAllString(quoted.ReplaceAllString(expr, ""), -1) {
			require.True(t, known(name), "%s asks for %s, which no page shows", where, name)
			used[name] = true
		}
	}
	for _, m := range Table {
		require.True(t, used[m.Name] || used[m.Name+"_bucket"], "%s stands on no dashboard and in no rule", m.Name)
	}
	require.False(t, known("metalease_services_total"))
	require.False(t, known("metalease_order_seconds"))
}

var headings = regexp.MustCompile(`(?m)^#+ (.+)$`)

func TestEveryAlertHasItsRunbook(t *testing.T) {
	notWord := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for _, r := range rules(t) {
		require.Contains(t, []string{"critical", "warning", "info"}, r.Labels["severity"], r.Alert)
		require.NotEmpty(t, r.Annotations["summary"], r.Alert)
		file, anchor, _ := strings.Cut(r.Annotations["runbook"], "#")
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err, r.Alert)
		var anchors []string
		for _, m := range headings.FindAllStringSubmatch(string(text), -1) {
			anchors = append(anchors, strings.ReplaceAll(notWord.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
		}
		require.Contains(t, anchors, anchor, r.Alert)
	}
}

// program finds a program of Debian's package prometheus; in CI it must be there.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("NOT TESTED: there is no %s: apt-get install prometheus", name)
	}
	require.NoError(t, err)
	return path
}

func TestPromtoolTakesTheRules(t *testing.T) {
	promtool := program(t, "promtool")
	for _, args := range [][]string{
		{"check", "config", "prometheus.yml"}, {"check", "rules", "rules.yaml"}, {"test", "rules", "rules.test.yaml"},
	} {
		cmd := exec.CommandContext(t.Context(), promtool, args...)
		cmd.Dir = root + "/deploy/prometheus"
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%v: %s", args, out)
	}
}

// TestPrometheusLoadsThem: the server itself takes configuration and rules, and every expression of a dashboard.
func TestPrometheusLoadsThem(t *testing.T) {
	binary := program(t, "prometheus")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	ctx, stop := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, binary, "--config.file="+root+"/deploy/prometheus/prometheus.yml", "--storage.tsdb.path="+t.TempDir(), "--web.listen-address="+address, "--log.level=error")
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { stop(); _ = cmd.Wait() })

	ask := func(path string) (int, string) {
		answer, err := http.Get("http://" + address + path)
		if err != nil {
			return 0, ""
		}
		defer func() { _ = answer.Body.Close() }()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	require.Eventually(t, func() bool { code, _ := ask("/-/ready"); return code == http.StatusOK }, time.Minute, 100*time.Millisecond)
	code, text := ask("/api/v1/rules")
	require.Equal(t, http.StatusOK, code)
	for _, r := range rules(t) {
		require.Contains(t, text, `"name":"`+r.Alert+`"`)
	}
	for file, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				code, text := ask("/api/v1/query?query=" + url.QueryEscape(target.Expr))
				require.Equal(t, http.StatusOK, code, "%s: %s: %s", file, p.Title, text)
			}
		}
	}
}
