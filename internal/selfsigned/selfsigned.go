// Package selfsigned makes TLS certificates that sign themselves, as panels in
// the field have them.
package selfsigned

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	validity = 365 * 24 * time.Hour
	// margin covers clocks that run late, and certificates that are about to end.
	margin = 24 * time.Hour
)

// New makes a certificate for host names and IP addresses, and for every name
// that this machine has for itself. It is valid for a year, and returned also as
// PEM: a client trusts it as its only root. An empty or unspecified host, such as
// 0.0.0.0, is left out.
func New(hosts ...string) (tls.Certificate, []byte, error) {
	cert, certPEM, _, err := create(names(hosts))
	return cert, certPEM, err
}

func names(hosts []string) []string {
	all := []string{"localhost", "127.0.0.1", "::1"}
	own, _ := os.Hostname() // without a name of its own, the machine is called by the others
	for _, host := range append(hosts, own) {
		if host != "" && !net.ParseIP(host).IsUnspecified() && !slices.Contains(all, host) {
			all = append(all, host)
		}
	}
	return all
}

func create(hosts []string) (cert tls.Certificate, certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return cert, nil, nil, fmt.Errorf("certificate key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return cert, nil, nil, fmt.Errorf("certificate serial: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: hosts[0]},
		NotBefore:             time.Now().Add(-margin),
		NotAfter:              time.Now().Add(validity),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true, // OpenSSL takes it as a root only so
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return cert, nil, nil, fmt.Errorf("certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return cert, nil, nil, fmt.Errorf("certificate key: %w", err)
	}
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	cert, err = tls.X509KeyPair(certPEM, keyPEM)
	return cert, certPEM, keyPEM, err
}

// Keep returns the certificate in the file, whose key is in file + ".key". When
// there is none, or it does not fit the hosts any more, it makes one as New does
// and writes both. So a server that starts again is still trusted.
func Keep(file string, hosts ...string) (tls.Certificate, error) {
	keyFile := file + ".key"
	hosts = names(hosts)
	cert, err := tls.LoadX509KeyPair(file, keyFile)
	switch {
	case err == nil && fits(cert, hosts):
		return cert, nil
	case errors.Is(err, fs.ErrPermission):
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	cert, certPEM, keyPEM, err := create(hosts)
	if err != nil {
		return tls.Certificate{}, err
	}
	// The certificate comes last: who sees it may connect.
	if err := replace(keyFile, keyPEM, 0o600); err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate key: %w", err)
	}
	if err := replace(file, certPEM, 0o644); err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return cert, nil
}

func fits(cert tls.Certificate, hosts []string) bool {
	if cert.Leaf == nil || time.Now().Add(margin).After(cert.Leaf.NotAfter) {
		return false
	}
	for _, host := range hosts {
		if cert.Leaf.VerifyHostname(host) != nil {
			return false
		}
	}
	return true
}

// replace writes a file that is never seen half written.
func replace(name string, text []byte, mode fs.FileMode) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".selfsigned-*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Chmod(mode), file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return err
	}
	return os.Rename(file.Name(), name)
}
