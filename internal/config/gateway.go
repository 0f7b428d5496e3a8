package config

import (
	"crypto/tls"
	"fmt"
)

func (c checker) gateway(gateway Gateway) {
	c.listen("gateway.listen", gateway.Listen)
	if gateway.MetricsListen != "" {
		c.listen("gateway.metrics_listen", gateway.MetricsListen)
	}
	if gateway.WebUI != "" {
		c.webAddress("gateway.web_ui", gateway.WebUI)
	}
	c.key("gateway.secret", gateway.Secret.Reveal())
	if gateway.PreviousSecret.Reveal() != "" {
		c.key("gateway.previous_secret", gateway.PreviousSecret.Reveal())
	}
	switch {
	case gateway.TLSCert == "" && gateway.TLSKey != "":
		c.fault("gateway.tls_key", "is set without gateway.tls_cert")
	case gateway.TLSCert != "" && gateway.TLSKey == "":
		c.fault("gateway.tls_cert", "is set without gateway.tls_key")
	case gateway.TLSCert != "":
		if _, err := tls.LoadX509KeyPair(gateway.TLSCert, gateway.TLSKey); err != nil {
			c.fault("gateway.tls_cert", "with gateway.tls_key: %v", err)
		}
	}
}

// readKeys have names of their own: the header names shops with the same word.
func (c checker) readKeys(keys []ReadKey, shops []Shop, role Role) {
	seen := map[string]bool{}
	for _, shop := range shops {
		seen[shop.Name] = true
	}
	for i, key := range keys {
		at := fmt.Sprintf("gateway.read_keys[%d].", i)
		c.name(at+"name", key.Name)
		if seen[key.Name] {
			c.fault(at+"name", "%q is the name of another key", key.Name)
		}
		seen[key.Name] = true
		if role == ForGateway || role == ForCheck {
			c.key(at+"secret", key.Secret.Reveal())
		}
	}
}
