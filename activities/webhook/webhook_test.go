package webhook

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
)

const key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// shop is a real HTTP server that verifies as a shop does.
type shop struct {
	t      *testing.T
	answer int
	header http.Header
	bodies []string
	ids    []string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	require.NoError(s.t, err)
	verifier, err := standardwebhooks.NewWebhook(key)
	require.NoError(s.t, err)
	require.NoError(s.t, verifier.Verify(payload, r.Header))
	s.bodies = append(s.bodies, string(payload))
	s.ids = append(s.ids, r.Header.Get("webhook-id"))
	for name, values := range s.header {
		w.Header()[name] = values
	}
	w.WriteHeader(s.answer)
}

func newShop(t *testing.T, answer int) (*shop, *httptest.Server, *Sender) {
	s := &shop{t: t, answer: answer, header: http.Header{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	sender, err := New(map[string]Endpoint{"web": {URL: server.URL + "/hook?token=abc", Secret: key, Private: true}})
	require.NoError(t, err)
	return s, server, sender
}

var event = Event{Shop: "web", ID: "evt_1", Type: "cart.paid", At: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), Data: json.RawMessage(`{"id":"c1"}`)}

func TestAShopVerifiesWhatItIsTold(t *testing.T) {
	s, _, sender := newShop(t, http.StatusNoContent)
	require.NoError(t, sender.Deliver(t.Context(), event))
	require.NoError(t, sender.Deliver(t.Context(), event))
	require.Equal(t, []string{"evt_1", "evt_1"}, s.ids, "a repeat has the same id")
	require.JSONEq(t, `{"type":"cart.paid","timestamp":"2026-11-25T12:00:00Z","data":{"id":"c1"}}`, s.bodies[0])
}

func TestWhatIsNotTakenIsRepeated(t *testing.T) {
	s, server, sender := newShop(t, http.StatusServiceUnavailable)
	s.header.Set("Retry-After", "120")
	failed := func() *temporal.ApplicationError {
		var app *temporal.ApplicationError
		require.ErrorAs(t, sender.Deliver(t.Context(), event), &app)
		require.Equal(t, edge.ErrWebhook, app.Type())
		require.NotContains(t, app.Message(), "token")
		return app
	}
	app := failed()
	require.False(t, app.NonRetryable())
	require.Equal(t, 2*time.Minute, app.NextRetryDelay())

	s.answer = http.StatusGone
	require.True(t, failed().NonRetryable(), "it wants no more")

	server.Close()
	app = failed()
	require.False(t, app.NonRetryable())
	require.Contains(t, app.Message(), "refused")
}

// TestNoRedirectIsFollowed: it could lead anywhere, such as into the host's own network.
func TestNoRedirectIsFollowed(t *testing.T) {
	other, elsewhere, _ := newShop(t, http.StatusOK)
	s, _, sender := newShop(t, http.StatusTemporaryRedirect)
	s.header.Set("Location", elsewhere.URL)
	require.ErrorContains(t, sender.Deliver(t.Context(), event), "redirects are not followed")
	require.Empty(t, other.ids)
}

// TestNoPrivateAddressIsReached, whatever name leads there.
func TestNoPrivateAddressIsReached(t *testing.T) {
	s, server, _ := newShop(t, http.StatusOK)
	sender, err := New(map[string]Endpoint{"web": {URL: server.URL, Secret: key}})
	require.NoError(t, err)
	require.ErrorContains(t, sender.Deliver(t.Context(), event), "private")
	require.Empty(t, s.ids)

	for address, reached := range map[string]bool{
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "fe80::1": false, "fd00::1": false,
		"0.1.2.3": false, "198.18.0.1": false, "240.0.0.1": false, "::7f00:1": false, "64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false,
		"64:ff9b:1::a00:1": false, "2002:7f00:1::": false, "fec0::1": false, "2606:4700::1": true,
		"::ffff:127.0.0.1": false, "192.0.2.1": true, "2001:db8::1": true,
	} {
		require.Equal(t, reached, public(netip.MustParseAddr(address).Unmap()), address)
	}
}

// TestAnAnswerThatIsNoHTTPIsCut: it would stand in the history of the cart.
func TestAnAnswerThatIsNoHTTPIsCut(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = conn.Write([]byte(strings.Repeat("x", 60_000) + "\r\n\r\n")) // the sender may have seen enough
		_ = conn.Close()
	}))
	t.Cleanup(server.Close)
	sender, err := New(map[string]Endpoint{"web": {URL: server.URL, Secret: key, Private: true}})
	require.NoError(t, err)
	err = sender.Deliver(t.Context(), event)
	require.ErrorContains(t, err, "malformed")
	require.Less(t, len(err.Error()), 2*longestReason)
}

func TestWhatIsNotInTheConfiguration(t *testing.T) {
	_, _, sender := newShop(t, http.StatusOK)
	other := event
	other.Shop = "gone"
	var app *temporal.ApplicationError
	require.ErrorAs(t, sender.Deliver(t.Context(), other), &app)
	require.True(t, app.NonRetryable())

	_, err := New(map[string]Endpoint{"web": {Secret: "no base64!"}})
	require.ErrorContains(t, err, "shop web")
	require.NotContains(t, err.Error(), "base64!")
	require.Equal(t, "the connection failed", reason(errors.New("x")))
}
