package dci5_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

const (
	apiUser = "whmcsapi"
	// apiPassword has something for every encoding to change.
	apiPassword = `S3cret +/&<"'ü%:x`
)

// stub is an HTTPS server that answers as a test says, and keeps what it was asked.
type stub struct {
	*httptest.Server
	mu    sync.Mutex
	asked []*http.Request // with Form holding the body alone
}

func newStub(t *testing.T, answer http.HandlerFunc) *stub {
	s := &stub{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Form, _ = url.ParseQuery(string(body))
		s.mu.Lock()
		s.asked = append(s.asked, r)
		s.mu.Unlock()
		answer(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that are refused or dropped on purpose
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// says is a stub with one answer for everything.
func says(t *testing.T, document string) *stub {
	return newStub(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, document) })
}

func (s *stub) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.asked...)
}

func (s *stub) last(t *testing.T) *http.Request {
	t.Helper()
	all := s.requests()
	require.NotEmpty(t, all, "the stub was never asked")
	return all[len(all)-1]
}

func (s *stub) fingerprint() string {
	sum := sha256.Sum256(s.Certificate().Raw)
	return hex.EncodeToString(sum[:])
}

// client trusts the stub by its fingerprint. Limits are out of the way unless a
// test sets them.
func (s *stub) client(t *testing.T, changes ...func(*dci5.Config)) *dci5.Client {
	t.Helper()
	config := dci5.Config{Name: "dc1", URL: s.URL + "/dcimgr", User: apiUser, Password: apiPassword, Fingerprint: s.fingerprint(), Rate: 100_000}
	for _, change := range changes {
		change(&config)
	}
	client, err := dci5.New(config)
	require.NoError(t, err)
	return client
}

// dropped closes the connection instead of answering.
func dropped(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// probe asks the panel who we are.
func probe(t *testing.T, b dcim.Backend) error {
	t.Helper()
	_, err := b.Self(t.Context())
	return err
}

// accounts is a read that any document without an error answers.
func accounts(ctx context.Context, b dcim.Backend) error {
	_, err := b.Accounts(ctx)
	return err
}

// save makes an account the owner of a server.
func save(ctx context.Context, b dcim.Backend, serverID, owner, notes string) error {
	return b.Update(ctx, serverID, func(dcim.Record) (dcim.Change, error) {
		return dcim.Assign(dcim.Account{ID: owner}, notes), nil
	})
}
