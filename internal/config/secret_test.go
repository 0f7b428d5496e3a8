package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

func TestSecretNeverShows(t *testing.T) {
	const value = "hunter2"
	var config Config
	config.Panels = []Panel{{Name: "fra1", Password: NewSecret(value)}}
	config.WHMCS.Secret = NewSecret(value)

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", config)
		fmt.Fprintf(&out, verb+"\n", &config.Panels[0].Password)
	}
	fmt.Fprintln(&out, errors.Join(fmt.Errorf("login with %v failed", config.WHMCS.Secret)))

	asJSON, err := json.Marshal(config)
	require.NoError(t, err)
	out.Write(asJSON)
	asYAML, err := yaml.Marshal(config)
	require.NoError(t, err)
	out.Write(asYAML)

	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(&out), zap.DebugLevel)
	zap.New(core).Info("started", zap.Any("config", config), zap.Any("secret", config.WHMCS.Secret), zap.Stringer("secret", config.WHMCS.Secret))

	require.Contains(t, string(asYAML), redacted)
	require.NotContains(t, out.String(), value)
	require.NotContains(t, out.String(), fmt.Sprintf("%x", value))
	require.Equal(t, value, config.WHMCS.Secret.Reveal())
	require.False(t, config.WHMCS.Secret.IsZero())
	require.True(t, Secret{}.IsZero())
}
