package gateway

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"metalease/workflows/api"
)

// kind is one type of problem, by the stable end of its URI; programs tell problems apart by it.
type kind string

// Problem is an error as RFC 9457 has it, as it is sent.
type Problem struct {
	Type   string           `json:"type"`
	Title  string           `json:"title"`
	Status int              `json:"status"`
	Detail string           `json:"detail,omitempty"`
	Errors []api.FieldError `json:"errors,omitempty"`
}

// problemBase is what the types of problems begin with.
const problemBase = "/problems/"

// problem is one occurrence of a kind. It is an error, so that a handler can return it.
type problem struct {
	kind   kind
	detail string
	faults []api.FieldError
	// after is how long to wait before the next try; zero says nothing.
	after time.Duration
}

// Error names the kind and the detail.
func (p *problem) Error() string { return string(p.kind) + ": " + p.detail }

// because is a problem in its own words; without any, the table says what can be done.
func (k kind) because(detail string, faults ...api.FieldError) *problem {
	return &problem{kind: k, detail: detail, faults: faults}
}

// parameters are bad values in the URL.
func parameters(faults ...api.FieldError) *problem { return invalidParameter.because("", faults...) }

// sent is the problem as callers read it.
func (p *problem) sent() Problem {
	row := problemTypes[p.kind]
	sent := Problem{problemBase + string(p.kind), row.title, row.status, p.detail, p.faults}
	if sent.Detail == "" && len(sent.Errors) == 0 {
		sent.Detail = row.remedy
	}
	return sent
}

func (p *problem) write(w http.ResponseWriter) {
	sent := p.sent()
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.after.Seconds()))))
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(sent.Status)
	encode(w, sent)
}
