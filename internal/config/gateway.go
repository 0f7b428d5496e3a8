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

// distinct wants each holder's secrets to be nobody else's: whoever may only read would sign what WHMCS signs, and one shop would
// be another.
func (c checker) distinct(gateway Gateway, shops []Shop) {
	type holder struct {
		key, name string
	}
	seen := map[string]holder{}
	see := func(key, name, secret string) {
		if secret == "" {
			return
		}
		if first, known := seen[secret]; known && first.name != name {
			c.fault(key, "is the same as %s: each needs a secret of its own (try: openssl rand -hex 32)", first.key)
			return
		}
		seen[secret] = holder{key, name}
	}
	see("gateway.secret", "", gateway.Secret.Reveal())
	see("gateway.previous_secret", "", gateway.PreviousSecret.Reveal())
	for i, key := range gateway.ReadKeys {
		see(fmt.Sprintf("gateway.read_keys[%d].secret", i), "read "+key.Name, key.Secret.Reveal())
	}
	for i, shop := range shops {
		at, name := fmt.Sprintf("shops[%d].", i), "shop "+shop.Name
		see(at+"secret", name, shop.Secret.Reveal())
		see(at+"previous_secret", name, shop.PreviousSecret.Reveal())
		see(at+"webhook.secret", name, shop.Webhook.Secret.Reveal())
	}
}
