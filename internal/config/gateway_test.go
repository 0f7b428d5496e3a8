package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A key that only reads, and one of a shop, must not sign what WHMCS signs.
func TestNobodySharesASecret(t *testing.T) {
	const before = `
installation: main
whmcs: {url: https://billing.example.com/, identifier: id, secret: s3cret}
panels:
  - {name: fra1, url: "https://dci.example.com:1500/dcimgr", user: api, password: hunter2}
`
	shop := func(name, secret, previous string) string {
		return "  - {name: " + name + ", secret: " + secret + ", previous_secret: \"" + previous + "\"}\n"
	}
	for text, want := range map[string][]string{
		"gateway: {secret: one-one-one-one-, previous_secret: two-two-two-two-, read_keys: [{name: a, secret: three-three-three-}]}\n":                  nil,
		"gateway: {secret: one-one-one-one-, previous_secret: one-one-one-one-}\n":                                                                      nil,
		"gateway: {secret: one-one-one-one-, read_keys: [{name: a, secret: one-one-one-one-}]}\n":                                                       {"metalease.yaml:6: gateway.read_keys[0].secret: is the same as gateway.secret: each needs a secret of its own (try: openssl rand -hex 32)"},
		"gateway: {secret: one-one-one-one-, previous_secret: two-two-two-two-, read_keys: [{name: a, secret: two-two-two-two-}]}\n":                    {"metalease.yaml:6: gateway.read_keys[0].secret: is the same as gateway.previous_secret: each needs a secret of its own (try: openssl rand -hex 32)"},
		"gateway: {secret: one-one-one-one-, read_keys: [{name: a, secret: three-three-three-}, {name: b, secret: three-three-three-}]}\n":              {"metalease.yaml:6: gateway.read_keys[1].secret: is the same as gateway.read_keys[0].secret: each needs a secret of its own (try: openssl rand -hex 32)"},
		"gateway: {secret: one-one-one-one-}\nshops:\n" + shop("x", "shop-shop-shop-shop", "shop-shop-shop-shop"):                                       nil,
		"gateway: {secret: one-one-one-one-}\nshops:\n" + shop("x", "one-one-one-one-", ""):                                                             {"metalease.yaml:8: shops[0].secret: is the same as gateway.secret: each needs a secret of its own (try: openssl rand -hex 32)"},
		"gateway: {secret: one-one-one-one-}\nshops:\n" + shop("x", "shop-shop-shop-shop", "") + shop("y", "shops-old-secret-y", "shop-shop-shop-shop"): {"metalease.yaml:9: shops[1].previous_secret: is the same as shops[0].secret: each needs a secret of its own (try: openssl rand -hex 32)"},
	} {
		require.Equal(t, want, faults(t, before+text, ForGateway), text)
		require.Equal(t, want, faults(t, before+text, ForCheck), text)
	}
}
