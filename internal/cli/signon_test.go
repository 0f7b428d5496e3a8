package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/signon"
	"metalease/internal/temporaltest"
)

// opened asks an address as a browser does.
func opened(t *testing.T, method, address, host string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	require.NoError(t, err)
	if host != "" {
		req.Host = host
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(text)
}

// served is a page that waits, and what becomes of it.
func served(t *testing.T, open func(context.Context) (signon.Door, error)) (*doorPage, <-chan error) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	page := newDoorPage(listener.Addr().String(), open)
	ended := make(chan error, 1)
	go func() { ended <- page.serve(t.Context(), listener) }()
	return page, ended
}

func TestADoorIsServedOnceToWhoKnowsTheAddress(t *testing.T) {
	made := 0
	page, ended := served(t, func(context.Context) (signon.Door, error) {
		made++
		return signon.Door{URL: "https://panel.example.com/dcimgr?a=1&b=2", Fields: map[string]string{"key": `<"open sesame">`}}, nil
	})
	for _, c := range []struct{ method, address, host string }{
		{"GET", "http://" + page.host + "/", ""}, {"GET", page.address + "x", ""}, {"POST", page.address, ""}, {"HEAD", page.address, ""},
		{"GET", page.address, "evil.example.com"},
	} {
		code, _, text := opened(t, c.method, c.address, c.host)
		require.Equal(t, http.StatusNotFound, code, c)
		require.NotContains(t, text, "sesame")
	}
	require.Zero(t, made, "nothing is made before the click")

	code, header, text := opened(t, "GET", page.address, "")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, text, `action="https://panel.example.com/dcimgr?a=1&amp;b=2"`)
	require.Contains(t, text, `name="key" value="&lt;&#34;open sesame&#34;&gt;"`)
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	require.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
	policy := header.Get("Content-Security-Policy")
	require.Contains(t, policy, "form-action https://panel.example.com;")
	nonce := regexp.MustCompile(`script-src 'nonce-([A-Z2-7]+)'`).FindStringSubmatch(policy)
	require.NotNil(t, nonce, policy)
	require.Contains(t, text, `<script nonce="`+nonce[1]+`">`)
	require.NoError(t, <-ended)
	require.Equal(t, 1, made)
	_, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", page.host)
	require.Error(t, err, "nobody listens any more")
}

func TestASecondBrowserGetsNothing(t *testing.T) {
	page := newDoorPage("127.0.0.1:5", func(context.Context) (signon.Door, error) { return signon.Door{URL: "https://panel.example.com/"}, nil })
	for i, want := range []int{http.StatusOK, http.StatusGone} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page.address, nil)
		require.NoError(t, err)
		rec := newRecorder()
		page.ServeHTTP(rec, req)
		require.Equal(t, want, rec.code, i)
	}
}

// recorder is an answer that nobody sends.
type recorder struct {
	bytes.Buffer
	code   int
	header http.Header
}

func newRecorder() *recorder             { return &recorder{code: http.StatusOK, header: http.Header{}} }
func (r *recorder) Header() http.Header  { return r.header }
func (r *recorder) WriteHeader(code int) { r.code = code }

func TestADoorThatIsNotOpened(t *testing.T) {
	for err, says := range map[error]string{
		&control.NotNow{Reason: "the service is blocked"}: "nobody was let in: the service is blocked",
		errors.New("panel fra1 sleeps"):                   "panel fra1 sleeps",
	} {
		page, ended := served(t, func(context.Context) (signon.Door, error) { return signon.Door{}, err })
		code, _, text := opened(t, "GET", page.address, "")
		require.Equal(t, http.StatusConflict, code)
		require.Contains(t, text, says)
		require.ErrorContains(t, <-ended, says)
	}
	page, ended := served(t, func(context.Context) (signon.Door, error) { return signon.Door{URL: "javascript:alert(1)"}, nil })
	code, _, _ := opened(t, "GET", page.address, "")
	require.Equal(t, http.StatusConflict, code)
	require.ErrorContains(t, <-ended, "no web address")

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	waiting, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, errNotOpened)
	defer cancel()
	require.ErrorIs(t, newDoorPage(listener.Addr().String(), nil).serve(waiting, listener), errNotOpened)
}

// What opens the panel is in the page and nowhere else.
func TestASignOnOnTheCommandLine(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101")
	require.Contains(t, s.does("status", "101"), "active")
	r := s.run("sso", "424242")
	require.Equal(t, exitNotFound, r.code, r.errOut)
	require.Empty(t, r.out)

	text, code, printed := s.signOn(t)
	require.Contains(t, text, temporaltest.DoorKey)
	require.Equal(t, exitDone, code, printed)
	require.Contains(t, printed, "service 101: the browser was let in, to the panel")
	require.NotContains(t, printed, temporaltest.DoorKey)
	require.NotContains(t, printed, "panel.example.com")

	text, code, printed = s.signOn(t, "--console")
	require.Contains(t, text, "https://panel.example.com/console")
	require.Equal(t, exitDone, code, printed)

	s.does("suspend", "101", "--wait", "20s")
	text, code, printed = s.signOn(t)
	require.Contains(t, text, "nobody was let in: the service is blocked")
	require.Equal(t, exitFailed, code)
	require.Contains(t, printed, "starter: service 101: nobody was let in: the service is blocked")
}

// signOn types the command and opens what it prints.
func (s scene) signOn(t *testing.T, more ...string) (page string, code int, printed string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, append([]string{"sso", "101"}, more...)...)
	cmd.Env, cmd.Dir = s.env(), t.TempDir()
	var errOut strings.Builder
	cmd.Stderr = &errOut
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for page == "" && lines.Scan() {
		printed += lines.Text() + "\n"
		if address := strings.TrimSpace(lines.Text()); strings.HasPrefix(address, "http://127.0.0.1:") {
			_, _, page = opened(t, "GET", address, "")
		}
	}
	for lines.Scan() {
		printed += lines.Text() + "\n"
	}
	_ = cmd.Wait() // the code tells
	return page, cmd.ProcessState.ExitCode(), printed + errOut.String()
}
