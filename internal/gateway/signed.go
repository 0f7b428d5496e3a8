package gateway

import (
	"errors"
	"io"
	"net/http"

	"metalease/internal/config"
	"metalease/internal/signing"
	"metalease/internal/version"
)

// headerVersion tells whoever signed a call which metalease answers: the WHMCS module compares it with its own.
const headerVersion = "X-Metalease-Version"

// signed lets a call through whose signature is right, before a byte of its body is understood. What is longer, in bytes, is not read.
func (g *gateway) signed(longest int64, next func(w http.ResponseWriter, r *http.Request, body []byte, shop config.Shop)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longest))
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			tooLarge.because("").write(w)
			return
		}
		if err != nil {
			incomplete.because("").write(w)
			return
		}
		shop, err := g.verify(r, body)
		if err != nil {
			g.refuse(w, err)
			return
		}
		if err := g.systems.check(r, g.Control, g.Now()); err != nil {
			g.foreign(w, r, err)
			return
		}
		if g.replays.again(r, g.Now()) {
			g.refuse(w, errReplayed)
			return
		}
		w.Header().Set(headerVersion, version.String())
		next(w, r, body, shop)
	}
}

// errReplayed is a call that was here before.
var errReplayed = errors.New("this very call has arrived before: sign each attempt anew, with a timestamp of its own")

// refusalProblems are the answers to what a signature may lack.
var refusalProblems = map[error]kind{
	signing.ErrUnsigned: unsigned, signing.ErrStale: stale,
	signing.ErrWrongSignature: wrongSignature, signing.ErrWrongInstallation: wrongInstallation,
	errReplayed: replayed, errReadOnly: readOnlyKey,
}

func (g *gateway) refuse(w http.ResponseWriter, err error) {
	refused := wrongSignature
	for reason, kind := range refusalProblems {
		if errors.Is(err, reason) {
			refused = kind
		}
	}
	g.metrics.refused.WithLabelValues(string(refused)).Inc()
	refused.because(err.Error()).write(w)
}
