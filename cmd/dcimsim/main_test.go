package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The test binary is the program when it is told so.
func TestMain(m *testing.M) {
	if os.Getenv("DCIMSIM_TEST_RUN") == "1" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func command(args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "DCIMSIM_TEST_RUN=1")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	return cmd, &complaints
}

// start runs the program and returns the address that it prints.
func start(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	cmd, complaints := command(args...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Wait() // then nobody writes any more
		t.Fatalf("dcimsim ended: %s", complaints)
	}
	address, found := strings.CutPrefix(strings.TrimSpace(line), "dcimsim: listening on ")
	require.True(t, found, line)
	return cmd, address
}

func stop(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait(), "a stop is no failure")
}

// trusting is a client that trusts the certificate in the file only.
func trusting(t *testing.T, file string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(text))
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

func call(t *testing.T, client *http.Client, address, function string, params ...string) string {
	t.Helper()
	form := url.Values{"out": {"xml"}, "authinfo": {"robot:word"}, "func": {function}}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	resp, err := client.PostForm(address, form)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(text)
}

// A panel over HTTPS, stopped and started again: state and certificate are the same.
func TestAPanelOverHTTPS(t *testing.T) {
	dir := t.TempDir()
	cert, state := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "state.json")
	args := []string{"--listen", "127.0.0.1:0", "--tls", "--cert-out", cert, "--state", state, "--servers", "3", "--packages", "A,B",
		"--user", "robot", "--password", "word", "--flag-delay", "0", "--power-time", "0", "--pool-size", "0", "--host", "panel.example.com"}
	cmd, address := start(t, args...)
	require.True(t, strings.HasPrefix(address, "https://127.0.0.1:"), address)
	require.True(t, strings.HasSuffix(address, "/dcimgr"), address)
	client := trusting(t, cert)
	require.Contains(t, call(t, client, address, "server"), "<type>B</type>")
	require.Contains(t, call(t, client, address, "server.poweron", "elid", "2"), "<ok/>")
	require.Contains(t, call(t, client, address, "iplist.edit", "plid", "1", "sok", "ok", "domain", "d", "iptype", "public", "family", "ipv4"), `type="limit"`)

	resp, err := client.Get(strings.Replace(address, "/dcimgr", "/_sim/state", 1))
	require.NoError(t, err)
	var answer struct {
		Servers []struct{ Power string }
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	_ = resp.Body.Close()
	require.Equal(t, "on", answer.Servers[1].Power)
	stop(t, cmd)

	cmd, address = start(t, args...)
	require.Contains(t, call(t, client, strings.Replace(address, "127.0.0.1", "localhost", 1), "server"), "<poweron>on</poweron>")
	stop(t, cmd)
}

// A call that hangs does not keep the program from stopping.
func TestStopsWhileACallHangs(t *testing.T) {
	cmd, address := start(t, "--listen", "127.0.0.1:0")
	resp, err := http.Post(strings.Replace(address, "/dcimgr", "/_sim/faults", 1), "application/json", strings.NewReader(`{"effect":"hang"}`))
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, resp.StatusCode)
	_ = resp.Body.Close()
	host := strings.TrimSuffix(strings.TrimPrefix(address, "http://"), "/dcimgr")
	conn, err := net.Dial("tcp", host)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, "GET /dcimgr?func=rack HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	began := time.Now()
	stop(t, cmd)
	require.Less(t, time.Since(began), 2*2*time.Second)
}

func TestWhatEndsAtOnce(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--listen", taken.Addr().String()}, 1, taken.Addr().String() + " is taken"},
		{[]string{"--listen", "127.0.0.1:0", "--fleet", "missing.yaml"}, 1, "missing.yaml"},
		{[]string{"--listen", "127.0.0.1:0", "--fail-installs", "99"}, 1, "no server 99"},
		{[]string{"--listen", "nonsense"}, 2, "is not HOST:PORT"},
		{[]string{"--cert-out", "x"}, 2, "needs --tls"},
		{[]string{"--servers", "3", "--fleet", "x"}, 2, "not both"},
		{[]string{"--listen", "127.0.0.1:0", "--console", "sideways"}, 1, `console is "sideways"`},
		{[]string{"--listen", "127.0.0.1:0", "--filter", "often"}, 1, `filter is "often"`},
		{[]string{"--listen", "127.0.0.1:0", "--key-life", "-1s"}, 1, "key life is negative"},
		{[]string{"--pool-size", "-1"}, 2, "must not be negative"},
		{[]string{"--wrong"}, 2, "--wrong"},
		{[]string{"extra"}, 2, `"extra"`},
	} {
		cmd, complaints := command(c.args...)
		err := cmd.Run()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, c.args)
		require.Equal(t, c.code, exit.ExitCode(), c.args)
		require.Contains(t, complaints.String(), c.says)
		require.Contains(t, complaints.String(), "dcimsim: ")
	}
}

func TestHelp(t *testing.T) {
	cmd, _ := command("--help")
	out, err := cmd.Output()
	require.NoError(t, err)
	for _, flag := range []string{"--listen", "--tls", "--cert-out", "--servers", "--packages", "--fleet", "--user", "--password", "--install-time",
		"--power-time", "--flag-delay", "--pool-size", "--seed", "--state", "--disabled-refuses-power-off", "--owner-as-name", "--fail-installs", "--log",
		"--key-life", "--console", "--roaming-sessions", "--no-cookie-check", "--disabled-lets-customers", "--switch-names", "--traffic-missing", "--traffic-plain", "--long-ipv6", "--filter"} {
		require.Contains(t, string(out), flag)
	}
}
