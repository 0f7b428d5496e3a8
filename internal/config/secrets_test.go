package config

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"metalease/internal/secret"
)

// TestSecretsNamesEach fills every secret of the file: a new one that Secrets does
// not name would get past the redactors.
func TestSecretsNamesEach(t *testing.T) {
	config := Config{Panels: make([]Panel, 2), Gateway: Gateway{ReadKeys: make([]ReadKey, 1)}, Temporal: Temporal{Encryption{Keys: make([]EncryptionKey, 1)}}}
	var want []string
	var fill func(value reflect.Value)
	fill = func(value reflect.Value) {
		switch {
		case value.Type() == secretType:
			want = append(want, fmt.Sprintf("value-%d", len(want)))
			value.Set(reflect.ValueOf(secret.New(want[len(want)-1])))
		case value.Kind() == reflect.Struct:
			for i := range value.NumField() {
				fill(value.Field(i))
			}
		case value.Kind() == reflect.Slice:
			for i := range value.Len() {
				fill(value.Index(i))
			}
		}
	}
	fill(reflect.ValueOf(&config).Elem())
	require.Len(t, want, 9)
	require.ElementsMatch(t, want, config.Secrets())

	core, logs := observer.New(zap.DebugLevel)
	zap.New(core).Info("started", zap.Any("config", config), zap.Stringer("secret", config.WHMCS.Secret))
	for _, entry := range logs.All() {
		encoder := zapcore.NewMapObjectEncoder()
		for _, field := range entry.Context {
			field.AddTo(encoder)
		}
		for _, value := range want {
			require.NotContains(t, fmt.Sprintf("%+v %#v", encoder.Fields, encoder.Fields), value)
		}
	}
}
