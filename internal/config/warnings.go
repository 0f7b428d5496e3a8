package config

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// othersRead is the permission of everybody on this machine to read a file.
const othersRead = 0o004

var variableForm = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// Warnings are what a configuration may say and better did not: files with secrets that everybody on this machine may read, and
// plain HTTP beyond it. The path is as for [Load].
func Warnings(path string, c *Config) []string {
	var all []string
	open := func(file, what string) {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&othersRead != 0 {
			all = append(all, fmt.Sprintf("%s: everybody on this machine may read %s: chmod 600 %s", file, what, file))
		}
	}
	if path, err := find(path); err == nil {
		text, _ := os.ReadFile(path) // what cannot be read, everybody cannot
		if holdsSecret(string(text), c) {
			open(path, "the secrets in it")
		}
		for _, m := range variableForm.FindAllStringSubmatch(string(text), -1) {
			if file, set := os.LookupEnv(m[1] + "_FILE"); set && !ofContainer(file) {
				open(file, "the secret "+m[1])
			}
		}
	}
	if c.Gateway.TLSKey != "" {
		open(c.Gateway.TLSKey, "the key of the certificate")
	}
	if host, _, err := net.SplitHostPort(c.Gateway.Listen); err == nil && c.Gateway.TLSCert == "" && !loopback(host) {
		all = append(all, "gateway.listen: "+c.Gateway.Listen+" is plain HTTP beyond this machine: calls are signed, but everybody on the way reads them. "+
			"Set gateway.tls_cert, or listen on 127.0.0.1 behind a proxy that speaks TLS")
	}
	if address, err := url.Parse(c.Gateway.WebUI); err == nil && address.Scheme == "http" && !loopback(address.Hostname()) {
		all = append(all, "gateway.web_ui: "+c.Gateway.WebUI+" is plain HTTP beyond this machine")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ofContainer tells a file that a container engine shows to one container, where its one user is everybody.
func ofContainer(file string) bool { return filepath.Dir(filepath.Clean(file)) == "/run/secrets" }

// holdsSecret tells whether one of the secrets stands in the file itself.
func holdsSecret(text string, c *Config) bool {
	return slices.ContainsFunc(c.Secrets(), func(s string) bool { return s != "" && strings.Contains(text, s) })
}

// loopback tells whether an address is of this machine alone.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
