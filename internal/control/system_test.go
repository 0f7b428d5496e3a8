package control

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddressesOfOneWHMCS(t *testing.T) {
	for _, same := range [][]string{
		{"https://billing.example.com", "https://Billing.Example.com/", "http://billing.example.com", "https://billing.example.com:443//", "http://billing.example.com:80/", " https://billing.example.com./ ", "https://billing.example.com/?a=b#c"},
		{"https://example.com/whmcs", "https://example.com/whmcs/", "http://example.com//whmcs/./"},
		{"https://bücher.example/", "https://BÜCHER.example", "https://xn--bcher-kva.example/"},
		{"http://[::1]:8085/", "http://[::1]:8085"},
		{"http://127.0.0.1:8085", "https://127.0.0.1:8085/"},
	} {
		first, err := systemKey(same[0])
		require.NoError(t, err)
		for _, other := range same {
			key, err := systemKey(other)
			require.NoError(t, err, other)
			require.Equal(t, first, key, other)
		}
	}
	keys := map[string]string{}
	for _, another := range []string{
		"https://example.com", "https://www.example.com", "https://staging.example.com", "https://example.com:8443", "https://example.com/staging",
		"https://example.com/Staging", "https://example.com.evil.example", "http://example.com:443", "https://example.com@staging.example",
	} {
		key, err := systemKey(another)
		require.NoError(t, err, another)
		require.Empty(t, keys[key], "%s is like %s", another, keys[key])
		keys[key] = another
	}
	for _, none := range []string{"", "example.com", "/whmcs", "ftp://example.com", "https://", "https://:443", "javascript:alert(1)", "https://a b", "https://" + strings.Repeat("a", 500)} {
		_, err := systemKey(none)
		require.ErrorIs(t, err, ErrNoSystem, none)
	}
}
