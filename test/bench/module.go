package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"metalease/internal/stack"
)

// lookEvery is the pause between two looks of ISPsystem's module at an install.
const lookEvery = 30 * time.Second

// module replays what ISPsystem's module asks of a panel for an order, as far as it makes the load: each look downloads the whole
// list (docs/dcimanager.md 7.23). All orders run at once, each with a server of its own.
func module(ctx context.Context, b bench, r row) (result, error) {
	cost, err := moduleBill(ctx, b, r)
	if err != nil {
		return result{}, err
	}
	measured := r.result(
		figure{What: "panel requests per order", Value: cost.per(total(cost.Panel).Requests)},
		figure{What: "bytes of the panel per order", Value: cost.kib(), Unit: "KiB"},
		figure{What: "until all are done", Value: cost.seconds, Unit: "s"})
	measured.Orders, measured.Panel = r.Count, cost.Panel
	return measured, nil
}

func moduleBill(ctx context.Context, b bench, r row) (bill, error) {
	cost := bill{orders: r.Count}
	s, err := b.set(ctx, r)
	if err != nil {
		return cost, err
	}
	defer s.stop()
	// The panel is the module's alone.
	s.Gateway.Stop()
	s.Worker.Stop()
	pem, err := os.ReadFile(filepath.Join(s.Dir, "dcimsim.pem"))
	if err != nil {
		return cost, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	m := moduleClient{address: s.PanelURL("/dcimgr"), http: &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}}
	before, err := vendors(ctx, s.Stack)
	if err != nil {
		return cost, err
	}
	began := time.Now()
	group, orders := errgroup.WithContext(ctx)
	for i := range r.Count {
		group.Go(func() error { return m.order(orders, i, fmt.Sprint(r.Standing+1+i)) })
	}
	if err := group.Wait(); err != nil {
		return cost, err
	}
	cost.seconds = time.Since(began).Seconds()
	after, err := vendors(ctx, s.Stack)
	cost.Panel = since(after.Panel, before.Panel)
	return cost, err
}

type moduleClient struct {
	address string
	http    *http.Client
}

// order is one CreateAccount: user, free server, power, install, and a list every 30 s until the flag is gone.
func (m moduleClient) order(ctx context.Context, number int, server string) error {
	for _, step := range []url.Values{
		{"func": {"user"}},
		{"func": {"user.edit"}, "sok": {"ok"}, "level": {"lvUser"}, "name": {fmt.Sprintf("m%d", number)}, "passwd": {"simulated-customer"}},
		{"func": {"server"}},
		{"func": {"server.edit"}, "elid": {server}},
		{"func": {"server.poweron"}, "elid": {server}},
		{"func": {"server"}},
		{"func": {"iplist"}, "elid": {server}},
		{"func": {"server.operations"}, "sok": {"ok"}, "elid": {server}, "operation": {"ostemplate"}, "ostemplate": {"ISPsystem__Debian-12-x86_64"},
			"passwd": {"simulated-root"}, "confirm": {"simulated-root"}, "checkpasswd": {"simulated-root"}, "recipe": {"null"}},
	} {
		if _, err := m.call(ctx, step); err != nil {
			return err
		}
	}
	pause := time.NewTicker(lookEvery)
	defer pause.Stop()
	for {
		select {
		case <-pause.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		list, err := m.call(ctx, url.Values{"func": {"server"}})
		if err != nil {
			return err
		}
		if !installs(list, server) {
			_, err := m.call(ctx, url.Values{"func": {"server.edit"}, "elid": {server}})
			return err
		}
	}
}

// installs tells whether a list shows the install of a server.
func installs(list, server string) bool {
	_, from, found := strings.Cut(list, "<id>"+server+"</id>")
	row, _, _ := strings.Cut(from, "</elem>")
	return found && strings.Contains(row, "install_in_progress")
}

func (m moduleClient) call(ctx context.Context, form url.Values) (string, error) {
	form.Set("out", "xml")
	form.Set("authinfo", stack.PanelUser+":"+stack.PanelPassword)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := m.http.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && strings.Contains(string(text), "<error") {
		err = fmt.Errorf("%s: %.300s", form.Get("func"), text)
	}
	return string(text), err
}
