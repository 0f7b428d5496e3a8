// Package logging builds the logger of every program from the configuration.
package logging

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"unicode/utf8"

	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"

	sdklog "go.temporal.io/sdk/log"

	"metalease/internal/config"
	"metalease/internal/secret"
)

// New returns a logger that writes to standard error, one line a record. Standard output is left to what a program prints.
// Secrets are masked in whatever is logged, as a last resort: whoever builds a text keeps them out.
func New(settings config.Log, secrets ...string) (*zap.Logger, error) {
	return build(settings, zapcore.Lock(os.Stderr), term.IsTerminal(int(os.Stderr.Fd())), secrets...)
}

// Audit is the logger of who did what: a file of the settings, readable for its owner alone and only added to, as JSON lines;
// without one the lines stand in the log, at level info.
func Audit(settings config.Log, log *zap.Logger, secrets ...string) (*zap.Logger, error) {
	if settings.AuditFile == "" {
		return log, nil
	}
	file, err := os.OpenFile(settings.AuditFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return build(config.Log{Format: "json", Level: "info"}, zapcore.Lock(file), false, secrets...)
}

// shortestMasked is in characters. A shorter secret is a part of words by chance ("admin" of "administrator"): it is masked where
// it stands alone only.
const shortestMasked = 8

// masked keeps secrets out of finished lines, whatever field or stack they came in.
type masked struct {
	zapcore.WriteSyncer
	redactor *secret.Redactor
}

// Write says that all was written when the masked line was.
func (m masked) Write(line []byte) (int, error) {
	if _, err := io.WriteString(m.WriteSyncer, m.redactor.Redact(string(line))); err != nil {
		return 0, err
	}
	return len(line), nil
}

// Temporal gives the Temporal SDK a voice in the same log.
func Temporal(logger *zap.Logger) sdklog.Logger {
	return sdklog.NewStructuredLogger(slog.New(zapslog.NewHandler(logger.Core(),
		zapslog.WithCaller(true),
		// A stack of the SDK's own frames explains nothing; a panic's stack comes as a field.
		zapslog.AddStacktraceAt(slog.LevelError+1),
	)))
}

func build(settings config.Log, out zapcore.WriteSyncer, colour bool, secrets ...string) (*zap.Logger, error) {
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
	isShort := func(s string) bool { return utf8.RuneCountInString(s) < shortestMasked }
	short := slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return !isShort(s) })
	long := slices.DeleteFunc(slices.Clone(secrets), isShort)
	out = masked{out, secret.NewRedactor(long...).Alone(short...)}
	// No sampling: the one line that explains a stuck order must not be the one that is dropped.
	return zap.New(zapcore.NewCore(encoder, out, level), zap.AddCaller()), nil
}
