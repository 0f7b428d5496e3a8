// Package signon is how what opens a panel travels from the worker, which makes it, to the gateway,
// whose caller has clicked: sealed to a key that the gateway made for this one call and keeps to itself.
// What the engine stores of it opens nothing.
package signon

import (
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Door is a way in for one browser, which posts the fields to the address. Nothing secret stands in the
// address. The fields of the panel are a key; those of a console may be a session, which opens more than once.
type Door struct {
	URL string `json:"url"`
	// Fields are secret. Nil for an address that is called as it is.
	Fields map[string]string `json:"fields,omitempty"`
	// ExpiresAt is when it opens no more, as far as is known.
	ExpiresAt time.Time `json:"expires_at"`
}

// purpose binds a sealed text to what it is for.
const purpose = "metalease sign-on 1"

func kem() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

// Key opens what was sealed for one call.
type Key struct{ private hpke.PrivateKey }

// NewKey makes a key from the system's random source.
func NewKey() (Key, error) {
	private, err := kem().GenerateKey()
	return Key{private}, err
}

// Public is what the worker seals to.
func (k Key) Public() []byte { return k.private.PublicKey().Bytes() }

// Open reads what Seal has made.
func (k Key) Open(sealed []byte) (Door, error) {
	var door Door
	text, err := hpke.Open(k.private, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(purpose), sealed)
	if err != nil {
		return door, errors.New("the answer was not sealed for this call")
	}
	err = json.Unmarshal(text, &door)
	return door, err
}

// Seal makes a text of a door that only the owner of that public key can read.
func Seal(public []byte, door Door) ([]byte, error) {
	key, err := kem().NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("the key of the call is none: %w", err)
	}
	text, err := json.Marshal(door)
	if err != nil {
		return nil, err
	}
	return hpke.Seal(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(purpose), text)
}
