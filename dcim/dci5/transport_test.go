package dci5_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/internal/lanes"
)

func TestNew(t *testing.T) {
	fit := dci5.Config{Name: "dc1", URL: "https://dci.example.com:1500", User: "api", Password: "pw"}
	client, err := dci5.New(fit)
	require.NoError(t, err)
	require.Equal(t, "dc1", client.Name())

	for name, change := range map[string]func(*dci5.Config){
		"https":           func(c *dci5.Config) { c.URL = "http://dci.example.com/dcimgr" },
		"must look like":  func(c *dci5.Config) { c.URL = "dci.example.com" },
		"must look  like": func(c *dci5.Config) { c.URL = "https://:1500/" },
		"must look like ": func(c *dci5.Config) { c.URL = "https://u:S3cret@dci .example.com" },
		"never part":      func(c *dci5.Config) { c.URL = "https://u:S3cret@dci.example.com" },
		"no user, query":  func(c *dci5.Config) { c.URL = "https://dci.example.com/?authinfo=S3cret" },
		"user and":        func(c *dci5.Config) { c.User = "" },
		"and password":    func(c *dci5.Config) { c.Password = "" },
		"colon":           func(c *dci5.Config) { c.User = "a:b" },
		"urgent share":    func(c *dci5.Config) { c.UrgentShare = 1 },
		"negative":        func(c *dci5.Config) { c.Rate = -1 },
		"both":            func(c *dci5.Config) { c.CAFile, c.Fingerprint = "a.pem", strings.Repeat("0", 64) },
		"64 hex":          func(c *dci5.Config) { c.Fingerprint = "abc" },
		"CA file":         func(c *dci5.Config) { c.CAFile = "/does/not/exist" },
	} {
		config := fit
		change(&config)
		_, err := dci5.New(config)
		require.ErrorContains(t, err, strings.TrimSpace(strings.ReplaceAll(name, "  ", " ")))
		require.ErrorContains(t, err, "panel dc1")
		require.NotContains(t, err.Error(), "S3cret")
	}
}

func TestURLWithoutPath(t *testing.T) {
	panel := says(t, `<doc/>`)
	client := panel.client(t, func(c *dci5.Config) { c.URL = panel.URL + "/" })
	require.NoError(t, accounts(t.Context(), client))
	require.Equal(t, "/dcimgr", panel.last(t).RequestURI)
}

func TestAnswersOfNoPanel(t *testing.T) {
	for want, handler := range map[string]http.HandlerFunc{
		"200 OK with an HTML page": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "\n<!DOCTYPE html><html><body>Under maintenance</body></html>")
		},
		"503 Service Unavailable with an HTML page": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(503)
			_, _ = io.WriteString(w, "<html>try DCImanager 6</html>")
		},
		"502 Bad Gateway with JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(502)
			_, _ = io.WriteString(w, `{"error":{"code":502,"msg":"upstream"}}`)
		},
		"200 OK with nothing":           func(http.ResponseWriter, *http.Request) {},
		"200 OK with garbage":           func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "Bad command") },
		"200 OK with a broken document": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<doc><elem><id>5</id>") },
		"404 Not Found with a document without an error": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			_, _ = io.WriteString(w, `<doc><ok/></doc>`)
		},
		"larger than 1000 bytes": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<doc>"+strings.Repeat("<elem/>", 1<<20)+"</doc>")
		},
	} {
		panel := newStub(t, handler)
		err := panel.client(t, func(c *dci5.Config) { c.MaxAnswer = 1000 }).Block(t.Context(), "5")
		require.Equal(t, dcim.KindNotAPanel, dcim.KindOf(err), "%v", err)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "panel dc1, server.disable of 5: ")
	}
}

func TestAnswerOfExactlyTheLimit(t *testing.T) {
	const answer = `<doc><ok/></doc>`
	panel := says(t, answer)
	require.NoError(t, panel.client(t, func(c *dci5.Config) { c.MaxAnswer = int64(len(answer)) }).Block(t.Context(), "5"))
	err := panel.client(t, func(c *dci5.Config) { c.MaxAnswer = int64(len(answer)) - 1 }).Block(t.Context(), "5")
	require.Equal(t, dcim.KindNotAPanel, dcim.KindOf(err))
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	other := says(t, `<doc/>`)
	for _, status := range []int{301, 302, 303, 307, 308} {
		panel := newStub(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/dcimgr", status) })
		err := accounts(t.Context(), panel.client(t))
		require.Equal(t, dcim.KindNotAPanel, dcim.KindOf(err))
		require.ErrorContains(t, err, "a redirect to "+strings.TrimPrefix(other.URL, "https://"))
	}
	require.Empty(t, other.requests())
}

// TestLostReplies: a change that was sent may have happened; it is sent once.
func TestLostReplies(t *testing.T) {
	for name, lose := range map[string]http.HandlerFunc{
		"closed": func(w http.ResponseWriter, _ *http.Request) { dropped(w) },
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "<doc><ok/></doc>")
		},
		"time limit": func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			dropped(w) // an empty answer could still arrive
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			panel := newStub(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Form.Get("func") == "user" {
					_, _ = io.WriteString(w, "<doc/>")
					return
				}
				lose(w, r)
			})
			client := panel.client(t, func(c *dci5.Config) { c.Timeout = time.Second })
			require.NoError(t, accounts(t.Context(), client), "so that there is an idle connection to be tempted by")

			err := client.Block(t.Context(), "5")
			require.Equal(t, dcim.KindMayHaveHappened, dcim.KindOf(err), "%v", err)
			require.ErrorContains(t, err, "may have been made")
			require.Len(t, panel.requests(), 2, "a change is never sent twice")

			_, err = client.Servers(t.Context())
			require.Equal(t, dcim.KindUnreachable, dcim.KindOf(err), "%v", err)
		})
	}
}

func TestCancelledCalls(t *testing.T) {
	arrived := make(chan struct{})
	panel := newStub(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	})
	client := panel.client(t)
	cancelled := func(call func(context.Context) error) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			<-arrived
			cancel()
		}()
		return call(ctx)
	}
	err := cancelled(func(ctx context.Context) error { return client.Block(ctx, "5") })
	require.Equal(t, dcim.KindMayHaveHappened, dcim.KindOf(err), "%v", err)
	require.NotErrorIs(t, err, context.Canceled, "who waits for the change must learn of the doubt")

	err = cancelled(func(ctx context.Context) error { return accounts(ctx, client) })
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, "panel dc1, user: context canceled")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = client.Block(ctx, "5")
	require.ErrorIs(t, err, context.Canceled, "nothing was sent")
	require.Len(t, panel.requests(), 2)
}

// TestIdleConnections: the panel closes idle connections whenever it likes. Nothing is sent over
// one that it has closed, and everything arrives once.
func TestIdleConnections(t *testing.T) {
	panel := says(t, `<doc/>`)
	client := panel.client(t)
	for range 20 {
		require.NoError(t, accounts(t.Context(), client))
		panel.CloseClientConnections()
		require.NoError(t, accounts(t.Context(), client))
		panel.CloseClientConnections()
		require.NoError(t, client.Block(t.Context(), "5"))
	}
	require.Len(t, panel.requests(), 60)
}

func TestUnreachable(t *testing.T) {
	gone := says(t, `<doc/>`)
	client := gone.client(t)
	gone.Close()
	err := client.Block(t.Context(), "5")
	require.Equal(t, dcim.KindUnreachable, dcim.KindOf(err), "nothing was sent: %v", err)
	require.ErrorContains(t, err, "was not reached")

	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	client = gone.client(t, func(c *dci5.Config) { c.URL = strings.Replace(plain.URL, "http:", "https:", 1) })
	err = client.Block(t.Context(), "5")
	require.Equal(t, dcim.KindUnreachable, dcim.KindOf(err), "%v", err)
}

// TestUrgentCallsPass: with every common slot taken by calls that hang, an urgent
// one is answered and a common one waits.
func TestUrgentCallsPass(t *testing.T) {
	const slots = 4 // of which one is kept
	hang, arrived := make(chan struct{}), make(chan struct{}, slots)
	release := sync.OnceFunc(func() { close(hang) })
	defer release()
	panel := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("func") == "server" {
			arrived <- struct{}{}
			<-hang
		}
		_, _ = io.WriteString(w, `<doc/>`)
	})
	client := panel.client(t, func(c *dci5.Config) { c.Concurrency = slots })
	answered := make(chan error, slots)
	for range slots - 1 {
		go func() { _, err := client.Servers(t.Context()); answered <- err }()
	}
	for range slots - 1 {
		<-arrived
	}

	patient, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, client.Block(lanes.Urgent(patient), "5"))
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := client.Block(soon, "6")
	require.Equal(t, dcim.KindUnreachable, dcim.KindOf(err), "%v", err)
	require.ErrorContains(t, err, "no turn within the time limit")

	release()
	for range slots - 1 {
		require.NoError(t, <-answered)
	}
	require.Len(t, panel.requests(), slots, "the call without a turn was not sent")
}

// TestOneCallAtATimeIsOne: an urgent one goes next, and not beside the one that runs.
func TestOneCallAtATimeIsOne(t *testing.T) {
	hang, arrived := make(chan struct{}), make(chan struct{})
	panel := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("func") == "server" {
			close(arrived)
			<-hang
		}
		_, _ = io.WriteString(w, `<doc/>`)
	})
	client := panel.client(t, func(c *dci5.Config) { c.Concurrency = 1 })
	answered := make(chan error, 1)
	go func() { _, err := client.Servers(t.Context()); answered <- err }()
	<-arrived
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, client.Block(lanes.Urgent(soon), "5"), "no turn within the time limit")
	close(hang)
	require.NoError(t, <-answered)
	require.NoError(t, client.Block(lanes.Urgent(t.Context()), "5"))
	require.Len(t, panel.requests(), 2)
}
