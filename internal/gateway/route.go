package gateway

import (
	"encoding/json"
	"net/http"
	"slices"

	"metalease/internal/clean"
)

// route is one call of the contract: the mux and the OpenAPI document are made from it.
type route struct {
	method, pattern string
	// id is the operation's name in the document; programs that are generated from it carry it.
	id, tag       string
	summary, text string
	query         []parameter
	body          *body
	answers       []answerType
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
	// order is the body of a start; fields are those of an event that the signal reads.
	order  bool
	fields []string
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
}

// reply is what a handler answers with.
type reply struct {
	status   int
	body     any
	location string
}

// handler serves a signed call. Its error is answered as errorProblems says.
type handler func(*gateway, call) (reply, error)

// signedProblems are what every signed call may answer.
var signedProblems = []kind{
	incomplete, unsigned, wrongSignature, stale, replayed, wrongInstallation, tooLarge, invalidParameter, internalFault, temporalFailed,
}

// everyProblem lists all problems that a route may answer.
func (r route) everyProblem() []kind {
	if r.open != nil {
		return r.problems
	}
	return slices.Concat(r.problems, signedProblems)
}

// handler is what the mux calls.
func (r route) handler(g *gateway) http.HandlerFunc {
	if r.open != nil {
		return r.open(g)
	}
	return g.signed(func(w http.ResponseWriter, req *http.Request, body []byte) {
		read, faults := readQuery(req.URL.RawQuery, r.query)
		if len(faults) > 0 {
			parameters(faults...).write(w)
			return
		}
		answer, err := r.handle(g, call{req, read, body})
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
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	encode(w, r.body)
}
