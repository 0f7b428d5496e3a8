package cli

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"errors"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"metalease/internal/signon"
)

// doorPage serves one browser of this machine, once, with a form that posts itself to a panel.
type doorPage struct {
	// address is what a person opens. Its last part is known to nobody else.
	address    string
	host, path string
	open       func(context.Context) (signon.Door, error)

	once sync.Once
	// opened gets what came of the one time that it was opened.
	opened chan error
}

func newDoorPage(host string, open func(context.Context) (signon.Door, error)) *doorPage {
	path := "/" + rand.Text()
	return &doorPage{address: "http://" + host + path, host: host, path: path, open: open, opened: make(chan error, 1)}
}

// serve waits until the page was opened. Error: that of the sign-on, or why nobody came.
func (p *doorPage) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // it ends below
	var err error
	select {
	case err = <-p.opened:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = server.Shutdown(closing) // the page has been written, or nobody wants it
	return err
}

//go:embed doorpage.html
var doorPageText string

var doorPageTemplate = template.Must(template.New("door").Parse(doorPageText))

// ServeHTTP answers the right path once. A page of somewhere else that has the browser call this machine under another name gets
// nothing.
func (p *doorPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	right := subtle.ConstantTimeCompare([]byte(r.URL.Path), []byte(p.path)) == 1
	if !right || r.Host != p.host || r.Method != http.MethodGet {
		http.NotFound(w, r)
		return
	}
	first := false
	p.once.Do(func() { first = true })
	if !first {
		http.Error(w, "This address has been opened before. Type starter sso again.", http.StatusGone)
		return
	}
	door, err := p.open(r.Context())
	var to *url.URL
	if err == nil {
		if to, err = url.Parse(door.URL); err == nil && to.Scheme != "https" && to.Scheme != "http" {
			err = errors.New("the panel's way in is no web address")
		}
	}
	if err != nil {
		err = refusedDoor(err)
		http.Error(w, err.Error(), http.StatusConflict)
		p.opened <- err
		return
	}
	nonce := rand.Text()
	for name, value := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; script-src 'nonce-" + nonce + "'; form-action " + to.Scheme + "://" + to.Host + "; frame-ancestors 'none'; base-uri 'none'",
	} {
		w.Header().Set(name, value)
	}
	p.opened <- doorPageTemplate.Execute(w, struct {
		signon.Door
		Nonce string
	}{door, nonce})
}
