// Package logging builds the logger of every program from the configuration.
package logging

import (
	"fmt"
	"log/slog"
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"

	sdklog "go.temporal.io/sdk/log"

	"metalease/internal/config"
)

// New returns a logger that writes to standard error, one line a record. Standard output is left to what a program prints.
func New(settings config.Log) (*zap.Logger, error) {
	return build(settings, zapcore.Lock(os.Stderr), term.IsTerminal(int(os.Stderr.Fd())))
}

// Temporal gives the Temporal SDK a voice in the same log.
func Temporal(logger *zap.Logger) sdklog.Logger {
	return sdklog.NewStructuredLogger(slog.New(zapslog.NewHandler(logger.Core(),
		zapslog.WithCaller(true),
		// A stack of the SDK's own frames explains nothing; a panic's stack comes as a field.
		zapslog.AddStacktraceAt(slog.LevelError+1),
	)))
}

func build(settings config.Log, out zapcore.WriteSyncer, colour bool) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(settings.Level)
	if err != nil {
		return nil, fmt.Errorf("log.level: %w", err)
	}
	encoding := zap.NewProductionEncoderConfig()
	encoding.TimeKey = "time"
	encoding.EncodeTime = zapcore.RFC3339TimeEncoder
	encoding.EncodeDuration = zapcore.StringDurationEncoder

	var encoder zapcore.Encoder
	switch settings.Format {
	case "json":
		encoder = zapcore.NewJSONEncoder(encoding)
	case "console":
		encoding.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
		encoding.EncodeLevel = zapcore.CapitalLevelEncoder
		if colour {
			encoding.EncodeLevel = zapcore.CapitalColorLevelEncoder
		}
		encoder = zapcore.NewConsoleEncoder(encoding)
	default:
		return nil, fmt.Errorf("log.format: %q is not one of json, console", settings.Format)
	}
	// No sampling: the one line that explains a stuck order must not be the one that is dropped.
	return zap.New(zapcore.NewCore(encoder, out, level), zap.AddCaller()), nil
}
