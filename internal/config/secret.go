package config

import (
	"encoding/json"
	"fmt"
	"io"
)

const redacted = "[redacted]"

// Secret is a password, key or token. However it is printed, logged or encoded it shows only "[redacted]";
// [Secret.Reveal] is the single way to the value, so that a search for that word finds every use.
type Secret struct{ value string }

// NewSecret wraps a value that came from somewhere other than the configuration file.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value itself.
func (s Secret) Reveal() string { return s.value }

// IsZero says that no value is set.
func (s Secret) IsZero() bool { return s.value == "" }

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// Format implements fmt.Formatter, so that not even %#v and %x show the value.
func (Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// MarshalJSON implements json.Marshaler.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// MarshalYAML implements the marshaler of goccy/go-yaml.
func (Secret) MarshalYAML() (any, error) { return redacted, nil }
