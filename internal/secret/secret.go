// Package secret keeps passwords, keys and tokens out of everything that people
// and other programs read.
//
// A [Secret] shows only "[secret]" however it is printed or encoded. A [Redactor]
// masks known secrets in text of others, in every encoding in which a server may
// give them back.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Mask is what stands for a secret.
const Mask = "[secret]"

// Secret is a password, key or token. However it is printed, logged or encoded it
// shows only [Mask]; [Secret.Reveal] is the single way to the value, so that a
// search for that word finds every use.
type Secret struct{ value string }

// New wraps a value.
func New(value string) Secret { return Secret{value} }

// Reveal returns the value itself.
func (s Secret) Reveal() string { return s.value }

// IsZero says that no value is set.
func (s Secret) IsZero() bool { return s.value == "" }

// String implements fmt.Stringer.
func (Secret) String() string { return Mask }

// Format implements fmt.Formatter, so that not even %#v and %x show the value.
func (Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, Mask) }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(Mask) }

// MarshalText implements encoding.TextMarshaler, which JSON takes too.
func (Secret) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// MarshalYAML implements the marshaler of goccy/go-yaml.
func (Secret) MarshalYAML() (any, error) { return Mask, nil }
