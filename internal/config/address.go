package config

import (
	"crypto/x509"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// address wants an absolute https URL. Plain http carries the credentials readably, so it is allowed only where nobody
// listens: to this machine, and to a container beside this one.
func (c checker) address(key, value string, plainNearby bool) {
	c.present(key, value)
	address, err := url.Parse(value)
	switch {
	case strings.Contains(value, "@"): // not repeated: what stands before it may be a password
		c.fault(key, "must not hold a user or password; they have their own keys")
	case err != nil || address.Hostname() == "":
		c.fault(key, "%q is not a URL like https://host:port/path", value)
	case address.RawQuery != "" || address.Fragment != "":
		c.fault(key, "%q must end with its path", value)
	case address.Scheme == "https":
	case !plainNearby:
		c.fault(key, "%q is not https", value)
	case address.Scheme != "http" || !nearby(address.Hostname()):
		c.fault(key, "%q is not https (plain http is only for 127.0.0.1 and for a container beside this one)", value)
	}
}

// webAddress wants what a browser opens.
func (c checker) webAddress(key, value string) {
	address, err := url.Parse(value)
	if err != nil || address.Hostname() == "" || address.Scheme != "https" && address.Scheme != "http" || address.RawQuery != "" {
		c.fault(key, "%q is not an address like https://temporal.example.com", value)
	}
}

// nearby says that a host cannot be on the internet: loopback, or a name without a dot, as containers have.
func nearby(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return !strings.Contains(host, ".")
}

func (c checker) listen(key, value string) {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		c.fault(key, "%q is not an address like 127.0.0.1:8080", value)
	}
}

// trust checks what a certificate is verified against, and brings the fingerprint into one form (openssl prints it with colons).
func (c checker) trust(at, ca string, fingerprint *string) {
	if ca != "" && *fingerprint != "" {
		c.fault(at+"fingerprint", "is set beside %sca; use one of the two", at)
	}
	if *fingerprint != "" {
		*fingerprint = strings.ToLower(strings.ReplaceAll(*fingerprint, ":", ""))
		if !fingerprintForm.MatchString(*fingerprint) {
			c.fault(at+"fingerprint", "is not a SHA-256 fingerprint: 64 hex digits, with or without colons")
		}
	}
	if ca == "" {
		return
	}
	switch text, err := os.ReadFile(ca); {
	case err != nil:
		c.fault(at+"ca", "%v", err)
	case !x509.NewCertPool().AppendCertsFromPEM(text):
		c.fault(at+"ca", "%q holds no PEM certificate", ca)
	}
}
