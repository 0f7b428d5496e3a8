package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/stack"
)

// blocks are what docs/shop.md shows in a language, in its order.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/shop.md")
	require.NoError(t, err)
	var found []string
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		found = append(found, match[1])
	}
	require.NotEmpty(t, found, language)
	return found
}

// script writes a program of the document where it can be run.
func script(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// needs is a program that the document uses. Without it CI fails, and others are told.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("LEFT OUT: %s is not installed, so what docs/shop.md says in it was not tried", program)
	}
}

// TestTheShopsDocument runs what docs/shop.md shows against a gateway, as a reader would.
func TestTheShopsDocument(t *testing.T) {
	w := newWorldWith(t, stack.Options{Config: quick, PanelConfig: loose, Shop: true})
	env := append(os.Environ(), "GATEWAY="+w.GatewayURL(""), "INSTALLATION="+stack.Installation, "KEY="+stack.ShopName,
		"SHOP_SECRET="+stack.ShopSecret, "SHOP_WEBHOOK_SECRET="+stack.ShopWebhookSecret)
	run := func(t *testing.T, args ...string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Env, cmd.Dir = env, "../.."
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	t.Run("shell", func(t *testing.T) {
		needs(t, "openssl")
		needs(t, "curl")
		text := strings.Replace(strings.Join(blocks(t, "sh"), "\necho\n"), "wait=20s", "wait=1s", 1)
		said := run(t, "bash", script(t, "shop.sh", "set -eu\n"+text))
		for _, part := range []string{`"sku":"e3-16g"`, `"state":"open"`, `"signed_in":true`, `"state":"cancelled"`} {
			require.Contains(t, said, part)
		}
		require.NotContains(t, said, "/problems/")
	})
	orders := len(w.whmcs().Orders)
	for _, c := range []struct{ language, program, file, says string }{
		{"php", "php", "shop.php", "open"}, {"js", "node", "shop.mjs", "/oauth/singlesignon.php"}, {"go", "go", "shop.go", "/oauth/singlesignon.php"},
	} {
		t.Run(c.language, func(t *testing.T) {
			needs(t, c.program)
			order := script(t, c.file, blocks(t, c.language)[0])
			args := map[string][]string{"php": {"php", order}, "js": {"node", order}, "go": {"go", "run", order}}[c.language]
			require.Contains(t, run(t, args...), c.says)
			orders++
			require.Len(t, w.whmcs().Orders, orders)
		})
		t.Run(c.language+" webhooks", func(t *testing.T) {
			needs(t, c.program)
			receives(t, env, c.language, script(t, c.file, blocks(t, c.language)[1]))
		})
	}
	w.onlyWithGivenRights()
}

// receives runs a receiver, and sends it an event that is signed, one that is not, and one that is old.
func receives(t *testing.T, env []string, language, file string) {
	t.Helper()
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	address := fmt.Sprintf("127.0.0.1:%d", port)
	args := map[string][]string{"php": {"php", "-S", address, file}, "js": {"node", file}}[language]
	if language == "go" {
		built := filepath.Join(t.TempDir(), "receiver")
		build := exec.Command("go", "build", "-o", built, file)
		build.Dir = "../.."
		out, err := build.CombinedOutput()
		require.NoError(t, err, string(out))
		args = []string{built}
	}
	receiver := exec.Command(args[0], args[1:]...)
	receiver.Env = append(env, "PORT="+strconv.Itoa(port))
	require.NoError(t, receiver.Start())
	t.Cleanup(func() {
		_ = receiver.Process.Kill()
		_ = receiver.Wait() // killed
	})
	signer, err := standardwebhooks.NewWebhook(stack.ShopWebhookSecret)
	require.NoError(t, err)
	send := func(signed, sent string, at time.Time) (int, error) {
		signature, err := signer.Sign("evt_1", at, []byte(signed))
		require.NoError(t, err)
		req, err := http.NewRequest(http.MethodPost, "http://"+address+"/", bytes.NewReader([]byte(sent)))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(standardwebhooks.HeaderWebhookID, "evt_1")
		req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
		req.Header.Set(standardwebhooks.HeaderWebhookSignature, "v1,AAAA "+signature) // of two, as while a secret changes
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	}
	const event = `{"type":"cart.paid","timestamp":"2026-01-02T03:04:05Z","data":{"id":"c1"}}`
	w := world{t: t}
	var status int
	require.True(t, w.eventually(func() bool { status, err = send(event, event, time.Now()); return err == nil }), "it does not listen: %v", err)
	require.Equal(t, http.StatusNoContent, status)
	for _, bad := range []struct {
		sent string
		at   time.Time
	}{{strings.Replace(event, "paid", "open", 1), time.Now()}, {event, time.Now().Add(-time.Hour)}} {
		status, err = send(event, bad.sent, bad.at)
		require.NoError(t, err)
		require.Equal(t, http.StatusUnauthorized, status, bad)
	}
}

// onlyWithGivenRights: WHMCS was asked for nothing that the two documents do not have a host allow.
func (w *world) onlyWithGivenRights() {
	w.t.Helper()
	given := map[string]bool{}
	for _, name := range []string{"whmcs.md", "shop.md"} {
		text, err := os.ReadFile("../../docs/" + name)
		require.NoError(w.t, err)
		_, list, found := strings.Cut(string(text), "\n```\n")
		require.True(w.t, found)
		list, _, _ = strings.Cut(list, "\n```\n")
		for right := range strings.FieldsSeq(list) {
			given[right] = true
		}
	}
	require.True(w.t, given["AddOrder"] && given["ModuleCreate"])
	for action := range w.whmcs().Counters {
		require.True(w.t, given[action], "%s is in neither list of rights", action)
	}
}

// TestTheConfigurationOfTheShopsDocument loads what docs/shop.md has a host write.
func TestTheConfigurationOfTheShopsDocument(t *testing.T) {
	t.Setenv("SHOP_SECRET", strings.Repeat("s", 32))
	t.Setenv("SHOP_WEBHOOK_SECRET", stack.ShopWebhookSecret)
	file := script(t, "metalease.yaml", `installation: main
whmcs: {url: "https://billing.example.com/", identifier: i, secret: s}
panels: [{name: fra1, url: "https://dci.example.com:1500/dcimgr", user: u, password: p}]
gateway: {secret: 0123456789abcdef0123}
`+strings.Join(blocks(t, "yaml"), ""))
	for _, role := range []config.Role{config.ForGateway, config.ForWorker} {
		cfg, err := config.Load(file, role)
		require.NoError(t, err)
		require.Len(t, cfg.Shops, 1)
		require.Len(t, cfg.Products, 1)
		require.True(t, cfg.Catalogue.Public)
	}
}
