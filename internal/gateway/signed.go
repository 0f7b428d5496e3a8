package gateway

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"metalease/internal/signing"
)

// maxBody is far above every body that this contract has.
const maxBody = 64 << 10

// signed lets a call through whose signature is right, before a byte of its body is understood.
func (g *gateway) signed(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			problem{status: http.StatusRequestEntityTooLarge, slug: "too-large", title: "The body is larger than 64 KiB"}.write(w)
			return
		}
		if err != nil {
			problem{status: http.StatusBadRequest, slug: "incomplete", title: "The body did not arrive whole"}.write(w)
			return
		}
		if err := signing.Verify(r, body, g.Installation, g.Secret, g.Now()); err != nil {
			g.refuse(w, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler(w, r)
	}
}

func (g *gateway) refuse(w http.ResponseWriter, err error) {
	p := problem{status: http.StatusUnauthorized, slug: "wrong-signature", title: "The signature was refused", detail: err.Error()}
	switch {
	case errors.Is(err, signing.ErrWrongInstallation):
		p.status, p.slug = http.StatusForbidden, "wrong-installation"
	case errors.Is(err, signing.ErrStale):
		p.slug = "stale"
	case errors.Is(err, signing.ErrUnsigned):
		p.slug = "unsigned"
	}
	g.metrics.refused.WithLabelValues(p.slug).Inc()
	p.write(w)
}
