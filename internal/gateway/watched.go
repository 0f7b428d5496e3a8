package gateway

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"time"

	"go.uber.org/zap"
)

// headerRequestID names a call in the answer, in the log, and in the caller's own log.
const headerRequestID = "X-Request-Id"

var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID is the one that the answer carries: watched gives it to the request too.
func requestID(r *http.Request) string { return r.Header.Get(headerRequestID) }

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

// unlogged are the paths that machines ask every few seconds.
var unlogged = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// watched counts and logs each call, and keeps a panic from reaching the caller. Neither
// bodies nor signatures are logged, nor the query: what is in it is the caller's affair.
func (g *gateway) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		id := r.Header.Get(headerRequestID)
		if !requestIDForm.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set(headerRequestID, id)
		r.Header.Set(headerRequestID, id)
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if fault := recover(); fault != nil {
				g.Logger.Error("a call panicked", zap.String("request_id", id), zap.Any("panic", fault), zap.Stack("stack"))
				if rec.code == 0 {
					internalFault.because("Request " + id).write(rec)
				}
			}
			route := r.Pattern
			if route == "" {
				route = "none"
			}
			took := time.Since(began)
			g.metrics.call(route, rec.code, took)
			if !unlogged[r.URL.Path] {
				g.Logger.Info("call", zap.String("method", r.Method), zap.String("path", r.URL.Path), zap.Int("code", rec.code),
					zap.Duration("took", took), zap.String("request_id", id))
			}
		}()
		next.ServeHTTP(rec, r)
	})
}
