// Package webhook tells shops what became of their carts, by Standard Webhooks
// (https://www.standardwebhooks.com): an id, a time and a signature with each event, so that a shop
// can tell ours from others and a repeat from news.
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/internal/retryafter"
)

// Event is one thing that a shop is told.
type Event struct {
	Shop string `json:"shop"`
	// ID is the same at each attempt; a shop that has seen it does nothing.
	ID   string    `json:"id"`
	Type string    `json:"type"`
	At   time.Time `json:"at"`
	// Data is the body's "data": whatever has a JSON.
	Data any `json:"data"`
}

// Endpoint is where a shop wants to be told.
type Endpoint struct {
	URL string
	// Secret is that of Standard Webhooks: whsec_ and base64.
	Secret string
	// Private allows addresses of this machine and of private networks.
	Private bool
}

// Sender delivers events to the endpoints of shops, by their names.
type Sender struct{ endpoints map[string]endpoint }

type endpoint struct {
	Endpoint
	signer *standardwebhooks.Webhook
	client *http.Client
}

// attemptTimeout is for one delivery, from the look-up of the name to the answer's head.
const attemptTimeout = 15 * time.Second

// New is a sender for these shops. An error names the shop whose secret is none.
func New(shops map[string]Endpoint) (*Sender, error) {
	s := &Sender{endpoints: map[string]endpoint{}}
	for name, e := range shops {
		signer, err := standardwebhooks.NewWebhook(e.Secret)
		if err != nil {
			return nil, fmt.Errorf("the webhook secret of shop %s is not whsec_ and base64", name) // never the secret itself
		}
		s.endpoints[name] = endpoint{e, signer, client(e.Private)}
	}
	return s, nil
}

// errPrivate is an address that a shop on the internet cannot have.
var errPrivate = errors.New("its address is private; private_addresses allows that")

// client follows no redirect, for the next address is not the one in the configuration; and asks
// every address before it connects, whatever the name said a moment ago. It uses no proxy: a proxy
// would look the name up itself.
func client(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: attemptTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !private && !public(to.Addr().Unmap()) {
			return errPrivate
		}
		return nil
	}}
	return &http.Client{
		Timeout:       attemptTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: attemptTimeout, ForceAttemptHTTP2: true,
			MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
		},
	}
}

// sharedSpace is what carriers use behind their own translation (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !sharedSpace.Contains(ip)
}

// body is what is signed and sent.
type body struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// Deliver sends an event once. Whatever is not a 2xx is an error; it says nothing of what the shop
// answered, for that may be anything.
func (s *Sender) Deliver(ctx context.Context, e Event) error {
	to, known := s.endpoints[e.Shop]
	if !known {
		return edge.NonRetryable(edge.ErrWebhook, "shop %s has no webhook in the configuration", e.Shop)
	}
	payload, err := json.Marshal(body{e.Type, e.At.UTC(), e.Data})
	if err != nil {
		return edge.NonRetryable(edge.ErrWebhook, "event %s has no JSON", e.ID)
	}
	now := time.Now()
	signature, err := to.signer.Sign(e.ID, now, payload)
	if err != nil {
		return edge.Retryable(edge.ErrWebhook, "event %s cannot be signed", e.ID)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(payload))
	if err != nil {
		return edge.NonRetryable(edge.ErrWebhook, "the webhook address of shop %s is none", e.Shop)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "metalease")
	req.Header.Set(standardwebhooks.HeaderWebhookID, e.ID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	resp, err := to.client.Do(req)
	if err != nil {
		return edge.Retryable(edge.ErrWebhook, "shop %s was not reached: %s", e.Shop, reason(err))
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be used again
	return taken(e.Shop, resp, now)
}

// taken reads the answer. 410 Gone is a shop that wants no more of it.
func taken(shop string, resp *http.Response, now time.Time) error {
	switch status := resp.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusGone:
		return edge.NonRetryable(edge.ErrWebhook, "shop %s answered 410: it wants no more events", shop)
	case status >= 300 && status < 400:
		return edge.Retryable(edge.ErrWebhook, "shop %s answered %d: redirects are not followed, give the final address", shop, status)
	default:
		return temporal.NewApplicationErrorWithOptions(fmt.Sprintf("shop %s answered %d", shop, status), edge.ErrWebhook,
			temporal.ApplicationErrorOptions{NextRetryDelay: retryafter.Of(resp.Header, now)})
	}
}

// reason is why a shop was not reached, without the address: it may hold a token.
func reason(err error) string {
	if wrapped, ok := errors.AsType[interface {
		error
		Unwrap() error
	}](err); ok {
		return wrapped.Unwrap().Error()
	}
	return "the connection failed"
}
