// Package whmcs is a client of the WHMCS HTTP API (docs/whmcs-api.md 1),
// as far as a fulfilment worker needs it. It repeats nothing by itself:
// nothing in that API is idempotent.
package whmcs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"metalease/internal/lanes"
	"metalease/internal/secret"
	"metalease/internal/tlstrust"
)

// Config says how to reach one WHMCS.
type Config struct {
	// URL of the WHMCS root, such as https://billing.example.com/. Plain http is for
	// a loopback address and for a container beside this one (a name without a dot,
	// such as whmcssim): anywhere else the secret would travel in the clear.
	URL string
	// PublicURL is the same root as customers' browsers reach it; URL when empty.
	PublicURL string
	// Identifier and Secret of an API credential; AccessKey replaces the check of the
	// caller's address and is optional.
	Identifier, Secret, AccessKey string
	// Installation and ModuleSecret sign calls to a page of our own module; the secret is
	// the gateway's. Needed by IspsystemRecords only.
	Installation, ModuleSecret string
	// CAFile or Fingerprint (SHA-256 of the certificate) replace the system's roots.
	CAFile, Fingerprint string
	// Timeout of one call (30 s), ModuleTimeout of one that runs a module (90 s).
	Timeout, ModuleTimeout time.Duration
	// MaxAnswer is the largest answer in bytes; 8 MiB when zero.
	MaxAnswer int64
	// MaxList is about how many bytes a list of services may take once it is read; 128 MiB when zero.
	MaxList int
	// Rate in calls a second (10) and Concurrency in calls at a time (8).
	Rate        float64
	Concurrency int
	// Observe hears of each call that was sent, when it has ended; nil: nobody does.
	Observe func(action string, err error, took time.Duration)
}

// Client of one WHMCS. It is safe for concurrent use.
type Client struct {
	config   Config
	endpoint string
	host     string
	http     *http.Client
	redactor *secret.Redactor
	limits   *lanes.Limits
}

// New checks the configuration; it contacts nobody.
func New(config Config) (*Client, error) {
	address, err := url.Parse(config.URL)
	switch {
	case err != nil || address.Host == "":
		return nil, errors.New("WHMCS: the URL is not one")
	case address.Scheme != "https" && (address.Scheme != "http" || !nearby(address.Hostname())):
		return nil, errors.New("WHMCS: the URL must begin with https://, for each call carries the secret")
	case config.Identifier == "" || config.Secret == "":
		return nil, errors.New("WHMCS: identifier and secret are needed")
	}
	trust, err := tlstrust.Config(config.CAFile, config.Fingerprint)
	if err != nil {
		return nil, fmt.Errorf("WHMCS: %w", err)
	}
	config.fill()
	return &Client{
		config: config, host: address.Host, redactor: secret.NewRedactor(config.Secret, config.AccessKey, config.ModuleSecret),
		endpoint: strings.TrimRight(config.URL, "/") + "/includes/api.php",
		http: &http.Client{
			Transport: &http.Transport{
				TLSClientConfig: trust, Proxy: http.ProxyFromEnvironment,
				MaxIdleConnsPerHost: config.Concurrency, IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: 20 * time.Second,
			},
			// A redirect would send the secret to whoever is named in it.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		limits: lanes.New(config.Rate, config.Concurrency, urgentShare),
	}, nil
}

// Share leaves to this client its part of rate and concurrency when as many processes call this WHMCS, this one included.
func (c *Client) Share(processes int) { c.limits.Share(processes) }

func (c *Config) fill() {
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.ModuleTimeout <= 0 {
		c.ModuleTimeout = 90 * time.Second
	}
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = 8 << 20
	}
	if c.MaxList <= 0 {
		c.MaxList = 128 << 20
	}
	if c.Rate <= 0 {
		c.Rate = 10
	}
	if c.Concurrency <= 0 {
		c.Concurrency = 8
	}
}

// nearby tells whether a host is this machine or a container beside it.
func nearby(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return !strings.Contains(host, ".")
}

// urgentShare of rate and concurrency is kept for calls with lanes.Urgent: what a block asks does not wait behind builds.
const urgentShare = 0.25

// call is one action with its parameters.
type call struct {
	action  string
	params  url.Values
	changes bool
	module  bool
}

func (c *Client) do(ctx context.Context, what call, answer any) error {
	done, err := c.limits.Acquire(ctx)
	if err != nil {
		return c.noTurn(ctx, what)
	}
	defer done()
	limit := c.config.Timeout
	if what.module {
		limit = c.config.ModuleTimeout
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	got, err := c.send(limited, what)
	if err == nil {
		err = c.understand(what, got, answer)
	}
	if c.config.Observe != nil {
		c.config.Observe(what.action, err, time.Since(began))
	}
	return err
}

// noTurn is a call that was given up before it was sent: it changed nothing.
func (c *Client) noTurn(ctx context.Context, what call) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	return c.fail(what, KindUnavailable, "the time ran out before its turn: too many calls at once")
}

func (c *Client) send(ctx context.Context, what call) (got received, err error) {
	form := url.Values{"action": {what.action}, "responsetype": {"json"},
		"identifier": {c.config.Identifier}, "secret": {c.config.Secret}}
	if c.config.AccessKey != "" {
		form.Set("accesskey", c.config.AccessKey)
	}
	for key, values := range what.params {
		form[key] = values
	}
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	encoded := form.Encode()
	req, err := http.NewRequestWithContext(traced, http.MethodPost, c.endpoint, io.NopCloser(strings.NewReader(encoded)))
	if err != nil {
		return received{}, c.fail(what, KindUnavailable, "the request could not be made")
	}
	req.ContentLength = int64(len(encoded)) // and no GetBody: the transport never sends a change twice
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.http.Do(req)
	if err != nil {
		return received{}, c.lost(what, sent.Load(), err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err = c.receive(resp)
	if err != nil {
		return received{}, c.lost(what, true, err)
	}
	return got, nil
}

func (c *Client) lost(what call, sent bool, err error) error {
	if errors.Is(err, context.Canceled) && !(what.changes && sent) {
		return context.Canceled
	}
	if what.changes && sent {
		return c.fail(what, KindResultUnknown, "the reply was lost ("+cause(err)+"); it may have been done")
	}
	return c.fail(what, KindUnavailable, c.host+" did not answer: "+cause(err))
}

// cause is the innermost text of a network error, which names no request.
func cause(err error) string {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "time limit reached"
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op + ": " + op.Err.Error()
	}
	return err.Error()
}
