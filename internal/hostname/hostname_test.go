package hostname

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"s101.example.com", "s101.example.com", true},
		{"S101.Example.COM", "s101.example.com", true},
		{"s101.example.com.", "s101.example.com", true},
		{"FREE.ds", "free.ds", true},
		{"s101.example.com", "s102.example.com", false},
		{"s101.example.com..", "s101.example.com", false},
		{"", "s101.example.com", false},
		{"", "", true},
	} {
		require.Equal(t, c.same, Same(c.a, c.b), "%q %q", c.a, c.b)
		require.Equal(t, c.same, Same(c.b, c.a), "%q %q", c.b, c.a)
	}
}

func TestWhatAServerMayBeCalled(t *testing.T) {
	for name, may := range map[string]bool{
		"s101.example.com": true, "S1.Example.COM": true, "9.example.com": true, "xn--bcher-kva.example": true, "a.b": true,
		"": false, "s101": false, "1.2.3.4": false, "2001:db8::1": false, "s_1.example.com": false, "-s.example.com": false, "s1.example.com.": false,
		"bücher.example": false, "s1.example.com/x": false, strings.Repeat("a", 64) + ".example": false, strings.Repeat("ab.", 84) + "ex": false,
	} {
		require.Equal(t, may, Valid(name), name)
	}
}
