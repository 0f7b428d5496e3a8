package codec

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"strings"

	"go.temporal.io/sdk/converter"
)

// longestBody of a question is in bytes: a page of a history.
const longestBody = 16 << 20

// Handler is a codec server for the Web UI and the temporal command line: POST /encode and /decode, with Temporal's own form. A caller
// shows the token as `Authorization: Bearer TOKEN`, or as the password of any user: a browser asks for it when it opens the address
// itself, and sends it from then on. Pages of the one origin may ask; empty is none.
func (c *Codec) Handler(token, origin string) http.Handler {
	codec := http.MaxBytesHandler(converter.NewPayloadCodecHTTPHandler(c), longestBody)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := r.Header.Get("Origin")
		if from != "" {
			w.Header().Set("Vary", "Origin")
			if origin == "" || from != origin {
				http.Error(w, "pages of this origin may not ask here", http.StatusForbidden)
				return
			}
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Allow-Credentials", "true")
		}
		w.Header().Set("Cache-Control", "no-store")
		if r.Method == http.MethodOptions { // a browser asks without a password whether it may ask
			w.Header().Set("Access-Control-Allow-Methods", "POST")
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Namespace")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if !shows(r, token) {
			w.Header().Set("WWW-Authenticate", `Basic realm="metalease codec", charset="UTF-8"`)
			http.Error(w, "the token is missing or wrong", http.StatusUnauthorized)
			return
		}
		if r.Method == http.MethodGet && r.URL.Path == "/" {
			_, _ = w.Write([]byte("You are signed in to the codec server. The Web UI shows decoded texts in this browser now.\n"))
			return
		}
		codec.ServeHTTP(w, r)
	})
}

// shows tells whether a call shows the token. Sums are compared, so that the time tells nothing of it.
func shows(r *http.Request, token string) bool {
	said, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if _, password, basic := r.BasicAuth(); basic {
		said, bearer = password, true
	}
	want, got := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(said))
	return bearer && token != "" && hmac.Equal(want[:], got[:])
}
