package gateway

import (
	"encoding/json"
	"net/http"
	"slices"

	"metalease/internal/clean"
	"metalease/internal/config"
)

// route is one call of the contract: the mux and the OpenAPI document are made from it.
type route struct {
	method, pattern string
	// id is the operation's name in the document; programs that are generated from it carry it.
	id, tag       string
	summary, text string
	query         []parameter
	// headers are those that the call needs beside the signature; handlers read them for themselves.
	headers []parameter
	// shops may make this call.
	shops   bool
	body    *body
	answers []answerType
	// sent and told are examples of the body and of the first answer; nil is none.
	sent, told any
	// problems are what this call may answer besides those of every signed call.
	problems []kind
	handle   handler
	// open calls need no signature, are no part of /v1 and ignore their query.
	open func(*gateway) http.HandlerFunc
}

// body is what a call takes.
type body struct {
	text     string
	required bool
	// fields are those of an event that the signal reads; value, for what is no signal, has the type of the body.
	fields []string
	value  any
	// limit is how long it may be, in bytes; zero is maxBody.
	limit int64
}

// answerType is one way in which a call answers when it is no problem.
type answerType struct {
	status int
	text   string
	// value has the type of the body; nil is an empty one, a text is not JSON.
	value any
}

// call is a signed call whose signature and query are right.
type call struct {
	*http.Request
	query query
	body  []byte
	// shop is whose call it is; zero is the installation's own.
	shop config.Shop
}

// reply is what a handler answers with.
type reply struct {
	status   int
	body     any
	location string
	etag     string
	// noStore is for what opens a door: it stays in nobody's cache.
	noStore bool
}

// handler serves a signed call. Its error is answered as errorProblems says.
type handler func(*gateway, call) (reply, error)

// signedProblems are what every signed call may answer.
var signedProblems = []kind{
	incomplete, unsigned, wrongSignature, stale, replayed, wrongInstallation, wrongSystem, notForShops, readOnlyKey, tooLarge, invalidParameter, internalFault, temporalFailed,
}

// longest is how long a body of the call may be, in bytes.
func (r route) longest() int64 {
	if r.body != nil && r.body.limit > 0 {
		return r.body.limit
	}
	return maxBody
}

// everyProblem lists all problems that a route may answer.
func (r route) everyProblem() []kind {
	if r.open != nil {
		return r.problems
	}
	if r.shops {
		return slices.Concat(r.problems, []kind{shopsOnly, unknownPath}, signedProblems)
	}
	return slices.Concat(r.problems, signedProblems)
}

// handler is what the mux calls.
func (r route) handler(g *gateway) http.HandlerFunc {
	if r.open != nil {
		return r.open(g)
	}
	return g.signed(r.longest(), func(w http.ResponseWriter, req *http.Request, body []byte, shop config.Shop) {
		if refused := g.allowed(r, shop); refused != nil {
			refused.write(w)
			return
		}
		read, faults := readQuery(req.URL.RawQuery, r.query)
		if len(faults) > 0 {
			parameters(faults...).write(w)
			return
		}
		answer, err := r.handle(g, call{req, read, body, shop})
		if err != nil {
			g.fail(w, req, err)
			return
		}
		answer.write(w)
	})
}

// encode writes a document for pages that show what others have written: nothing in it deceives
// an eye.
func encode(w http.ResponseWriter, body any) {
	document, err := json.Marshal(body)
	if err != nil {
		return // every answer is a type of ours, and can be encoded
	}
	_, _ = w.Write(append(clean.JSON(document), '\n')) // a caller that went away is its own affair
}

func (r reply) write(w http.ResponseWriter) {
	if r.location != "" {
		w.Header().Set("Location", r.location)
	}
	if r.noStore {
		w.Header().Set("Cache-Control", "no-store")
	}
	if r.etag != "" {
		w.Header().Set("ETag", r.etag)
	}
	if r.status == http.StatusNotModified {
		w.WriteHeader(r.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	encode(w, r.body)
}
