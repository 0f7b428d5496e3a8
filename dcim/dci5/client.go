// Package dci5 is the client of ISPsystem DCImanager 5: the functions of docs/dcimanager.md
// 2.3 and 3.1 to 3.10 as a dcim.Backend. Forms, field names, sessions and the recognition of
// DCImanager 6 are known here and nowhere else.
package dci5

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"metalease/dcim"
	"metalease/dcim/profile"
	"metalease/internal/lanes"
	"metalease/internal/secret"
	"metalease/internal/tlstrust"
)

// Config says how to reach one panel.
type Config struct {
	// Name is the panel's configured name; errors carry it.
	Name string
	// URL of the panel, such as https://dci.example.com:1500/dcimgr. Without a path
	// it is /dcimgr (docs/dcimanager.md 2.1).
	URL string
	// PublicURL is where browsers reach the same panel; empty: URL.
	PublicURL string
	// User and Password of an administrator, not root (docs/dcimanager.md 1).
	User     string
	Password string `json:"-" yaml:"-"`
	// CAFile or Fingerprint (SHA-256 of the certificate) replace the system's roots.
	CAFile, Fingerprint string
	// Timeout of one call; 60 s when zero.
	Timeout time.Duration
	// MaxAnswer is the largest answer in bytes; 32 MiB when zero.
	MaxAnswer int64
	// Rate is in requests a second, 10 when zero. Concurrency is in requests at a
	// time, 8 when zero; one of them is always kept for urgent ones, but of 1 it is whose turn is next.
	Rate        float64
	Concurrency int
	// Observe hears of each call that was sent, when it has ended; nil: nobody does.
	Observe func(function string, err error, took time.Duration) `json:"-"`
	// ReadOnly refuses every write before it is sent: dcim.ErrReadOnly.
	ReadOnly bool
	// Profile is what was seen of this panel; Contradicted is told once of each fact of which
	// something else is seen now, and may be nil.
	Profile      profile.Profile
	Contradicted func(fact, was, is string) `json:"-"`
	// UrgentShare of both is kept for calls with lanes.Urgent: above 0, below 1; 0.25 when zero.
	UrgentShare float64
}

// Format prints the configuration without its password, whatever the verb.
func (c Config) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "panel %s (%s, user %s)", c.Name, c.URL, c.User)
}

var _ dcim.Backend = (*Client)(nil)

// Client of one panel. It is safe for concurrent use.
type Client struct {
	config  Config
	address *url.URL
	// public is the address for browsers.
	public *url.URL
	// kept keeps its connections open; fresh has a new one for each request.
	kept, fresh *http.Client
	limits      *lanes.Limits
	// redactor masks the credentials of this client in what others write.
	redactor *secret.Redactor
	against  *contradictions
}

// New checks the configuration; it contacts nobody.
func New(config Config) (*Client, error) {
	address, err := panelAddress("url", config.URL)
	if err != nil {
		return nil, fmt.Errorf("panel %s: %w", config.Name, err)
	}
	public, err := panelAddress("public url", cmp.Or(config.PublicURL, config.URL))
	if err != nil {
		return nil, fmt.Errorf("panel %s: %w", config.Name, err)
	}
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("panel %s: %w", config.Name, err)
	}
	trust, err := tlstrust.Config(config.CAFile, config.Fingerprint)
	if err != nil {
		return nil, fmt.Errorf("panel %s: %w", config.Name, err)
	}
	config.fill()
	return &Client{
		config: config, address: address, public: public, redactor: secret.NewRedactor(config.Password, config.authinfo()),
		kept: newHTTP(trust, config.Concurrency), fresh: newHTTP(trust, 0),
		against: &contradictions{told: map[string]bool{}},
		limits:  lanes.New(config.Rate, config.Concurrency, config.UrgentShare),
	}, nil
}

// newHTTP keeps up to idle connections open. HTTP/2, which has its own rules for repeating
// requests, is left out.
func newHTTP(trust *tls.Config, idle int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:     dialer((&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext),
			TLSClientConfig: trust.Clone(), Proxy: http.ProxyFromEnvironment,
			DisableKeepAlives: idle == 0, MaxIdleConnsPerHost: idle, IdleConnTimeout: 30 * time.Second,
		},
		// A redirect would send the password to whoever is named in it.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// panelAddress parses a URL of the panel. Its errors never quote it: a password may stand in it.
func panelAddress(what, text string) (*url.URL, error) {
	address, err := url.Parse(text)
	switch {
	case err != nil || address.Hostname() == "":
		return nil, fmt.Errorf("the %s must look like https://dci.example.com:1500/dcimgr", what)
	case address.Scheme != "https":
		return nil, fmt.Errorf("the %s must begin with https://, for each call carries the password", what)
	case address.User != nil || address.RawQuery != "" || address.Fragment != "":
		return nil, fmt.Errorf("the %s must hold no user, query or fragment: credentials are never part of it", what)
	}
	if strings.Trim(address.Path, "/") == "" {
		address.Path = "/dcimgr"
	}
	return address, nil
}

func (c *Config) check() error {
	switch {
	case c.User == "" || c.Password == "":
		return fmt.Errorf("user and password are needed")
	case strings.Contains(c.User, ":"):
		return fmt.Errorf("the user must hold no colon: the panel ends the name there (docs/dcimanager.md 2.2)")
	case c.Timeout < 0 || c.MaxAnswer < 0 || c.Rate < 0 || c.Concurrency < 0:
		return fmt.Errorf("timeout, largest answer, rate and concurrency must not be negative")
	case c.UrgentShare < 0 || c.UrgentShare >= 1:
		return fmt.Errorf("the urgent share must be above 0 and below 1, not %v", c.UrgentShare)
	}
	return nil
}

func (c *Config) fill() {
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	if c.MaxAnswer == 0 {
		c.MaxAnswer = 32 << 20
	}
	if c.Rate == 0 {
		c.Rate = 10
	}
	if c.Concurrency == 0 {
		c.Concurrency = 8
	}
	if c.UrgentShare == 0 {
		c.UrgentShare = 0.25
	}
}

// Share leaves to this client its part of rate and concurrency when as many processes work on the panel, this one included.
func (c *Client) Share(processes int) { c.limits.Share(processes) }

// Name implements dcim.Backend.
func (c *Client) Name() string { return c.config.Name }

// ReadOnly implements dcim.Backend.
func (c *Client) ReadOnly() bool { return c.config.ReadOnly }
