// Package tlstrust decides which certificates a client of a vendor believes:
// the system's roots, those of one file, or one pinned certificate. There is no
// way to believe any.
package tlstrust

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
)

// ErrFingerprint is what a connection fails with when the server shows another
// certificate than the pinned one.
var ErrFingerprint = errors.New("the server's certificate is not the pinned one")

// Config returns the TLS settings for a PEM file of roots, or for a pinned
// SHA-256 fingerprint of the server's own certificate (hex, colons allowed), or
// for the system's roots when both are empty.
func Config(caFile, fingerprint string) (*tls.Config, error) {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	switch {
	case caFile != "" && fingerprint != "":
		return nil, errors.New("give a CA file or a fingerprint, not both")
	case caFile != "":
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("CA file: %w", err)
		}
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("CA file %s holds no certificate in PEM", caFile)
		}
	case fingerprint != "":
		pin, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(fingerprint), ":", ""))
		if err != nil || len(pin) != sha256.Size {
			return nil, errors.New("the fingerprint must be the SHA-256 of the certificate: 64 hex digits")
		}
		// Panels sign their certificates themselves, so no chain leads to a root. The pin
		// replaces the chain: VerifyConnection runs on every handshake, resumed ones too.
		settings.InsecureSkipVerify = true
		settings.VerifyConnection = pinned(pin)
	}
	return settings, nil
}

func pinned(pin []byte) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 {
			return ErrFingerprint
		}
		sum := sha256.Sum256(state.PeerCertificates[0].Raw)
		if !bytes.Equal(sum[:], pin) {
			return fmt.Errorf("%w: it shows %x", ErrFingerprint, sum)
		}
		return nil
	}
}
