package logging

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	sdklog "go.temporal.io/sdk/log"

	"metalease/internal/config"
)

func logger(t *testing.T, settings config.Log, colour bool) (*zap.Logger, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	logger, err := build(settings, zapcore.AddSync(&out), colour)
	require.NoError(t, err)
	return logger, &out
}

func record(t *testing.T, out *bytes.Buffer) map[string]any {
	t.Helper()
	var fields map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &fields), out.String())
	out.Reset()
	return fields
}

func TestJSONIsOneRecordALine(t *testing.T) {
	logger, out := logger(t, config.Log{Format: "json", Level: "info"}, false)
	logger.Debug("not shown")
	require.Empty(t, out.String())

	logger.Info("claimed", zap.Int("server", 7))
	fields := record(t, out)
	require.Equal(t, "claimed", fields["msg"])
	require.Equal(t, "info", fields["level"])
	require.EqualValues(t, 7, fields["server"])
	require.Contains(t, fields["caller"], "logging/logging_test.go")
	require.Regexp(t, `^\d{4}-\d\d-\d\dT`, fields["time"])
}

// The SDK's records must carry its own fields and the place that logged, not the adapter's.
func TestTemporalSpeaksInTheSameLog(t *testing.T) {
	logger, out := logger(t, config.Log{Format: "json", Level: "info"}, false)
	temporal := Temporal(logger)

	temporal.Debug("not shown")
	require.Empty(t, out.String())

	sdklog.With(temporal, "WorkflowID", "service-1").Error("activity failed", "Attempt", 3)
	fields := record(t, out)
	require.Equal(t, "error", fields["level"])
	require.Equal(t, "service-1", fields["WorkflowID"])
	require.EqualValues(t, 3, fields["Attempt"])
	require.Contains(t, fields["caller"], "logging/logging_test.go")
	require.NotContains(t, fields, "stacktrace")
}

func TestConsoleIsForPeople(t *testing.T) {
	logger, out := logger(t, config.Log{Format: "console", Level: "debug"}, false)
	logger.Debug("claimed", zap.Int("server", 7))
	require.Regexp(t, `^\d\d:\d\d:\d\d\.\d{3}\tDEBUG\tlogging/logging_test\.go:\d+\tclaimed\t\{"server": 7\}\n$`, out.String())
}

func TestColourOnlyOnATerminal(t *testing.T) {
	for _, colour := range []bool{false, true} {
		logger, out := logger(t, config.Log{Format: "console", Level: "info"}, colour)
		logger.Warn("slow")
		require.Equal(t, colour, bytes.Contains(out.Bytes(), []byte("\x1b[")))
	}
}

func TestUnknownSettingsAreNamed(t *testing.T) {
	_, err := New(config.Log{Format: "json", Level: "loud"})
	require.ErrorContains(t, err, `log.level: unrecognized level: "loud"`)
	_, err = New(config.Log{Format: "xml", Level: "info"})
	require.EqualError(t, err, `log.format: "xml" is not one of json, console`)
	_, err = New(config.Log{Format: "json", Level: "info"})
	require.NoError(t, err)
}

// A secret is masked wherever it stands in a record, and the record stays one.
func TestNoSecretIsLogged(t *testing.T) {
	const password = `hunter2 "and" <more>`
	var out bytes.Buffer
	for _, format := range []string{"json", "console"} {
		logger, err := build(config.Log{Format: format, Level: "info"}, zapcore.AddSync(&out), false, password, "", "admin")
		require.NoError(t, err)
		logger.Info("refused "+password, zap.String("a", password), zap.Error(errors.New(password)), zap.Any("b", map[string]string{"c": password}),
			zap.String("user", "admin"), zap.String("role", "administrator"), zap.ByteString("d", []byte(url.QueryEscape(password))), zap.Stack("stack"))
		require.NotContains(t, out.String(), "hunter2")
		require.Equal(t, 6, strings.Count(out.String(), "[secret]"), out.String())
		require.Contains(t, out.String(), "administrator", "a short one is masked where it stands alone")
		require.NotContains(t, strings.ReplaceAll(out.String(), "administrator", ""), "admin")
		if format == "json" {
			require.Equal(t, "refused [secret]", record(t, &out)["msg"])
		}
	}
}
