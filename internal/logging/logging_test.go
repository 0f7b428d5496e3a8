package logging

import (
	"bytes"
	"encoding/json"
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
