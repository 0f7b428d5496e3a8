// Package dcim is a client of ISPsystem DCImanager 5: the functions of
// reference/dcimanager.md sections 3.1 to 3.8, with typed errors and the limits
// of request rate and concurrency that a panel needs. It repeats nothing by
// itself: its caller knows what a repeat would do.
package dcim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"metalease/internal/tlstrust"
)

// Config says how to reach one panel.
type Config struct {
	// Name is the panel's configured name; errors carry it.
	Name string
	// URL of the program, such as https://dci.example.com:1500/dcimgr.
	URL string
	// User and Password of an administrator, not root (reference 1).
	User, Password string
	// CAFile or Fingerprint (SHA-256 of the certificate) replace the system's roots.
	CAFile, Fingerprint string
	// Timeout of one call; 60 s when zero.
	Timeout time.Duration
	// MaxAnswer is the largest answer in bytes; 32 MiB when zero.
	MaxAnswer int64
	// Rate in requests a second (10) and Concurrency in requests at a time (8).
	Rate        float64
	Concurrency int
	// UrgentShare of both is kept for Urgent calls; 0.25 when zero.
	UrgentShare float64
}

// Client of one panel. It is safe for concurrent use.
type Client struct {
	config Config
	host   string
	http   *http.Client
	limits *limits
}

// New checks the configuration; it contacts nobody.
func New(config Config) (*Client, error) {
	address, err := url.Parse(config.URL)
	switch {
	case err != nil || address.Host == "":
		return nil, fmt.Errorf("panel %s: the URL is not one", config.Name)
	case address.Scheme != "https":
		return nil, fmt.Errorf("panel %s: the URL must begin with https://, for each call carries the password", config.Name)
	case address.User != nil || address.RawQuery != "":
		return nil, fmt.Errorf("panel %s: the URL must hold neither user nor query", config.Name)
	case config.User == "" || config.Password == "":
		return nil, fmt.Errorf("panel %s: user and password are needed", config.Name)
	}
	trust, err := tlstrust.Config(config.CAFile, config.Fingerprint)
	if err != nil {
		return nil, fmt.Errorf("panel %s: %w", config.Name, err)
	}
	config.fill()
	return &Client{
		config: config,
		host:   address.Host,
		http: &http.Client{
			Transport: &http.Transport{
				TLSClientConfig: trust, ForceAttemptHTTP2: true, Proxy: http.ProxyFromEnvironment,
				MaxIdleConnsPerHost: config.Concurrency, IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: 20 * time.Second,
			},
			// A redirect would send the password to whoever is named in it.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		limits: newLimits(config.Rate, config.Concurrency, config.UrgentShare),
	}, nil
}

func (c *Config) fill() {
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = 32 << 20
	}
	if c.Rate <= 0 {
		c.Rate = 10
	}
	if c.Concurrency <= 1 {
		c.Concurrency = 8
	}
	if c.UrgentShare <= 0 || c.UrgentShare >= 1 {
		c.UrgentShare = 0.25
	}
}

// Name is the panel's configured name.
func (c *Client) Name() string { return c.config.Name }

// Probe tells what answers: nil is DCImanager 5 with a login that works.
func (c *Client) Probe(ctx context.Context) error {
	_, err := c.Users(ctx)
	return err
}

// LevelUser is the level of an ordinary user (reference 3.1).
const LevelUser = 16

// User is a panel user.
type User struct {
	ID, Name string
	Level    int
}

// Users lists all users (reference 3.1).
func (c *Client) Users(ctx context.Context) ([]User, error) {
	doc, err := c.read(ctx, "user")
	if err != nil {
		return nil, err
	}
	var users []User
	for _, row := range doc.rows() {
		user := User{ID: row.get("id"), Name: row.get("name")}
		_, _ = fmt.Sscan(row.get("level"), &user.Level) // a level that is no number is nobody's
		users = append(users, user)
	}
	return users, nil
}

// CreateUser creates an ordinary user and returns its id. An answer without an
// id is a failure, whatever else it says (reference 3.1).
func (c *Client) CreateUser(ctx context.Context, name, password string) (string, error) {
	doc, err := c.change(ctx, "user.edit", "sok", "ok", "level", "lvUser", "name", name, "passwd", password)
	if err != nil {
		return "", c.withhold(err, password)
	}
	id := doc.get("id")
	if id == "" {
		return "", c.fail("user.edit", KindMayHaveHappened, "the panel accepted the user but gave no id")
	}
	return id, nil
}

// withhold takes a password that a call carried out of the panel's answer.
func (c *Client) withhold(err error, password string) error {
	var failure *Error
	if password == "" || !errors.As(err, &failure) {
		return err
	}
	scrubbed := Client{config: Config{Password: password}}
	failure.Message, failure.Value = scrubbed.conceal(failure.Message), scrubbed.conceal(failure.Value)
	return failure
}

// NewSessionKey lets whoever knows the key log in as the user (reference 2.3).
// The key needs at least 16 characters.
func (c *Client) NewSessionKey(ctx context.Context, username, key string) error {
	_, err := c.change(ctx, "session.newkey", "username", username, "key", key)
	return c.withhold(err, key)
}

// LoginWithKey and LoginWithPassword return a session id.
func (c *Client) LoginWithKey(ctx context.Context, username, key string) (string, error) {
	return c.login(ctx, key, "username", username, "key", key)
}

// LoginWithPassword returns a session id of the user.
func (c *Client) LoginWithPassword(ctx context.Context, username, password string) (string, error) {
	return c.login(ctx, password, "username", username, "password", password)
}

func (c *Client) login(ctx context.Context, secret string, params ...string) (string, error) {
	doc, err := c.change(ctx, "auth", params...)
	if err != nil {
		return "", c.withhold(err, secret)
	}
	auth, _ := doc.child("auth")
	if id := auth.text(); id != "" {
		return id, nil
	}
	if id := auth.attr("id"); id != "" {
		return id, nil
	}
	return "", c.fail("auth", KindNotAPanel, "the panel gave no session id")
}
