package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"metalease/internal/secret"
)

func TestASecretNeverShows(t *testing.T) {
	const value = "hunter2"
	holder := struct {
		Password secret.Secret
		Keys     map[string]secret.Secret
		Pointer  *secret.Secret
	}{secret.New(value), map[string]secret.Secret{"a": secret.New(value)}, new(secret.New(value))}

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", holder)
		fmt.Fprintf(&out, verb+"\n", holder.Pointer)
	}
	asJSON, err := json.Marshal(holder)
	require.NoError(t, err)
	out.Write(asJSON)
	asYAML, err := yaml.Marshal(holder)
	require.NoError(t, err)
	out.Write(asYAML)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "holder", holder, "password", holder.Password)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "holder", holder, "password", holder.Password)

	require.Contains(t, string(asJSON), `"Password":"[secret]"`)
	require.Contains(t, string(asYAML), secret.Mask)
	require.NotContains(t, out.String(), value)
	require.NotContains(t, out.String(), fmt.Sprintf("%x", value))
	require.Equal(t, value, holder.Password.Reveal())
	require.False(t, holder.Password.IsZero())
	require.True(t, secret.Secret{}.IsZero())
}
