package stack

import (
	"fmt"
	"path/filepath"
)

// ConfigFile is the configuration of worker, gateway and command line.
func (s *Stack) ConfigFile() string { return filepath.Join(s.Dir, "metalease.yaml") }

func (s *Stack) config() string {
	more := s.Options.PanelConfig
	if more != "" {
		more = ", " + more
	}
	if !s.Options.Polite {
		more = ", rate: 500, concurrency: 32" + more
	}
	billing := s.Options.WHMCSConfig
	if billing != "" {
		billing = ", " + billing
	}
	return fmt.Sprintf(`installation: %s
whmcs: {url: %q, identifier: %s, secret: %s%s}
panels:
  - {name: %s, url: %q, user: %s, password: %s, ca: %q%s}
gateway: {listen: %q, secret: %s}
%s%s`, Installation, s.WHMCSURL("/"), Identifier, APISecret, billing, Panel, s.PanelURL("/dcimgr"), PanelUser, PanelPassword,
		filepath.Join(s.Dir, "dcimsim.pem"), more, local(s.Ports.Gateway), GatewaySecret, s.shopConfig(), s.Options.Config)
}
