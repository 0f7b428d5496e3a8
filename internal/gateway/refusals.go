package gateway

import "net/http"

// refusals turns the plain refusals of a mux, 404 and 405, into problems.
type refusals struct{ mux *http.ServeMux }

func (f refusals) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := f.mux.Handler(r); pattern != "" {
		f.mux.ServeHTTP(w, r)
		return
	}
	// The mux knows which methods a path has, and tells it in its own refusal only.
	refused := quiet{header: http.Header{}}
	f.mux.ServeHTTP(&refused, r)
	if allowed := refused.header.Get("Allow"); allowed != "" {
		w.Header().Set("Allow", allowed)
		wrongMethod.because("It has: " + allowed).write(w)
		return
	}
	unknownPath.because("").write(w)
}

// quiet takes an answer and sends none.
type quiet struct{ header http.Header }

func (q *quiet) Header() http.Header         { return q.header }
func (q *quiet) Write(b []byte) (int, error) { return len(b), nil }
func (q *quiet) WriteHeader(int)             {}
