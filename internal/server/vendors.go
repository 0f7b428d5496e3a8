package server

import (
	"context"
	"errors"
	"time"

	"metalease/dcim"
	"metalease/internal/metrics"
	"metalease/whmcs"
)

// listing is a panel whose good lists are noted.
type listing struct {
	dcim.Backend
	listed func(at time.Time)
}

// Servers implements dcim.Backend.
func (l listing) Servers(ctx context.Context) ([]dcim.Server, error) {
	began := time.Now()
	servers, err := l.Backend.Servers(ctx)
	if err == nil {
		l.listed(began)
	}
	return servers, err
}

// panelCall counts the calls of one panel's client.
func panelCall(calls *metrics.Calls, panel string) func(string, error, time.Duration) {
	return func(function string, err error, took time.Duration) {
		calls.Panel(panel, function, result(err, dcim.KindOf(err).String()), took)
	}
}

// whmcsCall counts the calls of WHMCS's client.
func whmcsCall(calls *metrics.Calls) func(string, error, time.Duration) {
	return func(action string, err error, took time.Duration) {
		calls.WHMCS(action, result(err, whmcs.KindOf(err).Properties().Name), took)
	}
}

// result is one word of a small set.
func result(err error, kind string) string {
	switch {
	case err == nil:
		return metrics.OK
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case kind == "":
		return "failed"
	}
	return kind
}
