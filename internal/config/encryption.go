package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"metalease/internal/secret"
)

// Temporal says what of this installation Temporal may keep readable. The connection itself comes from the TEMPORAL_* variables.
type Temporal struct {
	Encryption Encryption `yaml:"encryption"`
}

// Encryption of everything that Temporal keeps. Worker, gateway and command line need the same keys.
type Encryption struct {
	// Keys decrypt, and one of them encrypts. None: nothing is encrypted.
	Keys []EncryptionKey `yaml:"keys"`
	// CodecToken is what the codec server asks for.
	CodecToken secret.Secret `yaml:"codec_token" for:"codec"`
}

// EncryptionKey is one key of AES-256. Its id stands beside everything that it has encrypted.
type EncryptionKey struct {
	ID   string        `yaml:"id"`
	Key  secret.Secret `yaml:"key"`
	Role string        `yaml:"role"` // KeyEncrypts, which is the default, or KeyDecrypts
}

// What a key is for. One encrypts what is written and decrypts what it wrote; all others, new ones that not every program has yet and
// old ones that something was written with, only decrypt.
const (
	KeyEncrypts = "encrypt"
	KeyDecrypts = "decrypt"
)

func (k *EncryptionKey) setDefaults() { k.Role = KeyEncrypts }

// Encrypting is the id of the key that encrypts; empty when nothing is encrypted.
func (e Encryption) Encrypting() string {
	for _, key := range e.Keys {
		if key.Role != KeyDecrypts {
			return key.ID
		}
	}
	return ""
}

// keyBytes is the length of a key of AES-256.
const keyBytes = 32

// Bytes is the key itself, which the file has as 64 hex digits.
func (k EncryptionKey) Bytes() ([]byte, error) {
	raw, err := hex.DecodeString(strings.TrimSpace(k.Key.Reveal()))
	if err != nil || len(raw) != keyBytes {
		return nil, errors.New("is not a key: 64 hex digits are (try: openssl rand -hex 32)")
	}
	return raw, nil
}

// encryption never quotes a key.
func (c checker) encryption(encryption Encryption, role Role) {
	seen, first := map[string]bool{}, encryption.Encrypting()
	for i, key := range encryption.Keys {
		at := fmt.Sprintf("temporal.encryption.keys[%d].", i)
		c.present(at+"id", key.ID)
		if seen[key.ID] {
			c.fault(at+"id", "%q is the id of two keys", key.ID)
		}
		seen[key.ID] = true
		c.oneOf(at, "role", key.Role)
		if key.Role == KeyEncrypts && key.ID != first {
			c.fault(at+"role", "the key %q encrypts already: one key does, the others have role: decrypt", first)
		}
		if _, err := key.Bytes(); err != nil {
			c.fault(at+"key", "%v", err)
		}
	}
	if len(encryption.Keys) > 0 && first == "" {
		c.fault("temporal.encryption.keys", "no key encrypts: one has role: encrypt")
	}
	if role != ForCodec {
		return
	}
	c.key("temporal.encryption.codec_token", encryption.CodecToken.Reveal())
	if len(encryption.Keys) == 0 {
		c.fault("temporal.encryption.keys", "names no key: nothing is encrypted")
	}
}
