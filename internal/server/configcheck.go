package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"metalease/internal/config"
	"metalease/whmcs"
)

// checkPatience is how long WHMCS may take to answer a check.
const checkPatience = 20 * time.Second

// soon is how long before its end a certificate is complained about: a renewal by then has failed.
const soon = 3 * 24 * time.Hour

// Check tries what a configuration for [config.ForCheck] says of this machine and of the way to WHMCS: the address on which the
// gateway will listen, its certificate, the credential. Nothing is changed. The error names all faults, one a line.
func Check(ctx context.Context, cfg *config.Config) error {
	return errors.Join(checkListen(cfg.Gateway.Listen), checkCertificate(cfg.Gateway, time.Now()), checkWHMCS(ctx, cfg))
}

// checkListen wants an address of this machine. Its port may be taken: by the gateway that runs already.
func checkListen(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("gateway.listen: %w", err)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return fmt.Errorf("gateway.listen: %s is no address of this machine: %w", host, err)
	}
	return listener.Close()
}

func checkCertificate(gateway config.Gateway, now time.Time) error {
	if gateway.TLSCert == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(gateway.TLSCert, gateway.TLSKey)
	if err != nil {
		return fmt.Errorf("gateway.tls_cert: %w", err)
	}
	switch leaf := pair.Leaf; {
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("gateway.tls_cert: is valid from %s on", leaf.NotBefore.UTC().Format(time.RFC3339))
	case now.After(leaf.NotAfter):
		return fmt.Errorf("gateway.tls_cert: has expired on %s", leaf.NotAfter.UTC().Format(time.RFC3339))
	case now.Add(soon).After(leaf.NotAfter):
		return fmt.Errorf("gateway.tls_cert: expires on %s: renew it", leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	return nil
}

// checkWHMCS asks WHMCS for its version, with the credential.
func checkWHMCS(ctx context.Context, cfg *config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	client, err := newWHMCS(cfg, nil)
	if err != nil {
		return err
	}
	if _, err := client.Version(ctx); err != nil {
		return fmt.Errorf("whmcs: %w%s", err, cure(whmcs.KindOf(err)))
	}
	return nil
}

// cure is what mends a refusal of WHMCS.
func cure(kind whmcs.Kind) string {
	if kind == whmcs.KindCredentials {
		return "; look at whmcs.identifier and whmcs.secret, the API role, and API IP Access Restriction in WHMCS"
	}
	return ""
}
