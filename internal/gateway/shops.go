package gateway

import (
	"errors"
	"net/http"

	"metalease/internal/config"
	"metalease/internal/signing"
)

// verify checks the signature of a call and tells which shop it is of; the zero shop is the installation
// itself: WHMCS and the command line.
func (g *gateway) verify(r *http.Request, body []byte) (config.Shop, error) {
	key := r.Header.Get(signing.HeaderKey)
	if key == "" {
		return config.Shop{}, signing.Verify(r, body, g.Installation, g.Secret, g.Now())
	}
	for _, shop := range g.Shops {
		if shop.Name != key || shop.Revoked {
			continue
		}
		err := signing.Verify(r, body, g.Installation, shop.Secret.Reveal(), g.Now())
		if errors.Is(err, signing.ErrWrongSignature) && shop.PreviousSecret.Reveal() != "" {
			err = signing.Verify(r, body, g.Installation, shop.PreviousSecret.Reveal(), g.Now())
		}
		return shop, err
	}
	return config.Shop{}, signing.ErrWrongSignature // nobody learns which names there are
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
