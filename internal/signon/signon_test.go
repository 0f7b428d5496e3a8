package signon_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/signon"
)

func TestADoorIsReadByItsCallerAlone(t *testing.T) {
	door := signon.Door{URL: "https://panel.example.com/dcimgr", Fields: map[string]string{"key": "open sesame"}, ExpiresAt: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)}
	caller, err := signon.NewKey()
	require.NoError(t, err)
	sealed, err := signon.Seal(caller.Public(), door)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "sesame")

	got, err := caller.Open(sealed)
	require.NoError(t, err)
	require.Equal(t, door, got)

	other, err := signon.NewKey()
	require.NoError(t, err)
	_, err = other.Open(sealed)
	require.ErrorContains(t, err, "not sealed for this call")
	sealed[len(sealed)-1] ^= 1
	_, err = caller.Open(sealed)
	require.Error(t, err)
	_, err = signon.Seal([]byte("short"), door)
	require.Error(t, err)
}
