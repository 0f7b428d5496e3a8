package hostname

import (
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
