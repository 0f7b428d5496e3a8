package gateway

import (
	"errors"
	"net/http"

	"metalease/internal/config"
	"metalease/internal/signing"
)

// verify checks the signature of a call and tells which shop it is of; the zero shop is the installation
// itself: WHMCS, the command line, and who has a key that only reads.
func (g *gateway) verify(r *http.Request, body []byte) (config.Shop, error) {
	key := r.Header.Get(signing.HeaderKey)
	if key == "" {
		return config.Shop{}, g.signedWith(r, body, g.Secret, g.PreviousSecret)
	}
	for _, shop := range g.Shops {
		if shop.Name == key && !shop.Revoked {
			return shop, g.signedWith(r, body, shop.Secret.Reveal(), shop.PreviousSecret.Reveal())
		}
	}
	for _, reader := range g.ReadKeys {
		if reader.Name != key {
			continue
		}
		err := g.signedWith(r, body, reader.Secret.Reveal(), "")
		if err == nil && r.Method != http.MethodGet {
			err = errReadOnly
		}
		return config.Shop{}, err
	}
	return config.Shop{}, signing.ErrWrongSignature // nobody learns which names there are
}

// errReadOnly is a call that would change something, with a key that only reads.
var errReadOnly = errors.New("the key may only read: GET calls")

// signedWith checks a signature against a secret and the one before it.
func (g *gateway) signedWith(r *http.Request, body []byte, secret, previous string) error {
	err := signing.Verify(r, body, g.Installation, secret, g.Now())
	if errors.Is(err, signing.ErrWrongSignature) && previous != "" {
		return signing.Verify(r, body, g.Installation, previous, g.Now())
	}
	return err
}

// allowed tells whether a caller may make a call: shops have their own, and WHMCS has the others.
func (g *gateway) allowed(r route, shop config.Shop) *problem {
	switch {
	case r.shops && g.Store == nil:
		return unknownPath.because("no shop is in the configuration")
	case shop.Name != "" && !r.shops:
		return notForShops.because("")
	case shop.Name == "" && r.shops && r.tag == "carts":
		return shopsOnly.because("")
	}
	return nil
}
