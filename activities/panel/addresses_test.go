package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func TestAddressesAreComparedByValue(t *testing.T) {
	require.True(t, sameIP("2001:db8::1", "2001:0DB8:0:0:0:0:0:1"))
	require.False(t, sameIP("192.0.2.1", "192.0.2.11"))
	require.True(t, sameIP("odd", "odd"))
	require.Equal(t, dcim.IPv6, familyOf("2001:db8::1"))
	require.Equal(t, dcim.IPv4, familyOf("192.0.2.1"))
}
