package gateway

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"go.uber.org/zap"

	"metalease/internal/signing"
)

// maxBody is far above every body that this contract has.
const maxBody = 64 << 10

// signed registers a handler whose calls are checked before a byte of the body
// is understood.
func (g *gateway) signed(mux *http.ServeMux, method, path string, handler http.HandlerFunc) {
	mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			problem{status: http.StatusRequestEntityTooLarge, slug: "too-large", title: "The body is larger than 64 KiB"}.write(w)
			return
		}
		if err := signing.Verify(r, body, g.Installation, g.Secret, g.Now()); err != nil {
			g.refuse(w, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler(w, r)
	})
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

// recorder remembers the status code for log and metrics.
type recorder struct {
	http.ResponseWriter
	code int
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(code int) {
	if r.code == 0 {
		r.code = code
	}
	r.ResponseWriter.WriteHeader(code)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.code == 0 {
		r.code = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// logged counts and logs each call, and keeps a panic from ending the process.
// Neither bodies nor signatures are logged.
func (g *gateway) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		id := r.Header.Get("X-Request-Id")
		if id == "" || len(id) > 64 {
			id = rand.Text()
		}
		w.Header().Set("X-Request-Id", id)
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if fault := recover(); fault != nil {
				g.Logger.Error("a call panicked", zap.String("request_id", id), zap.Any("panic", fault), zap.Stack("stack"))
				if rec.code == 0 {
					problem{status: http.StatusInternalServerError, slug: "internal", title: "The gateway made an error", detail: "Request " + id}.write(rec)
				}
			}
			route := r.Pattern
			if route == "" {
				route = "other"
			}
			took := time.Since(began)
			g.metrics.requests.WithLabelValues(route, strconv.Itoa(rec.code)).Inc()
			g.metrics.duration.WithLabelValues(route).Observe(took.Seconds())
			if r.URL.Path != "/healthz" && r.URL.Path != "/readyz" && r.URL.Path != "/metrics" {
				g.Logger.Info("call", zap.String("method", r.Method), zap.String("path", r.URL.Path), zap.Int("code", rec.code),
					zap.Duration("took", took), zap.String("request_id", id))
			}
		}()
		next.ServeHTTP(rec, r)
	})
}
