package hostname_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/hostname"
)

func TestNamesAreAnObject(t *testing.T) {
	var names hostname.Names
	require.NoError(t, json.Unmarshal([]byte(`{"2001:db8::1":"b.example.com","192.0.2.1":"a.example.com"}`), &names))
	require.Equal(t, hostname.Names{{IP: "192.0.2.1", Name: "a.example.com"}, {IP: "2001:db8::1", Name: "b.example.com"}}, names)
	text, err := json.Marshal(names)
	require.NoError(t, err)
	require.JSONEq(t, `{"192.0.2.1":"a.example.com","2001:db8::1":"b.example.com"}`, string(text))
	require.ErrorContains(t, json.Unmarshal([]byte(`["a"]`), &names), "must be an object")
}
