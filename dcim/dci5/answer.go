package dci5

import (
	"errors"
	"io"
	"mime"
	"net/http"
)

// headSize is how much of an answer is kept to tell what it was, when it was no document.
const headSize = 64 << 10

var errOverLimit = errors.New("the answer is over the limit")

// answer is what a panel sends, while it arrives: at most left bytes are read.
type answer struct {
	in   io.Reader
	left int64
	head []byte
	// failed is what went wrong with the connection, over that there was more than the limit.
	failed error
	over   bool
}

// Read reads one byte more than is allowed, so that a longer answer shows.
func (a *answer) Read(to []byte) (int, error) {
	if a.over {
		return 0, errOverLimit
	}
	n, err := a.in.Read(to[:min(int64(len(to)), a.left+1)])
	if int64(n) > a.left {
		a.over = true
		return 0, errOverLimit
	}
	a.left -= int64(n)
	a.head = append(a.head, to[:min(n, headSize-len(a.head))]...)
	if err != nil && !errors.Is(err, io.EOF) {
		a.failed = err
	}
	return n, err
}

// end reads the rest: of a document all of it, for only then is it known to be whole.
func (a *answer) end(document bool) {
	rest := io.Reader(a)
	if !document {
		rest = io.LimitReader(a, int64(headSize-len(a.head)))
	}
	_, _ = io.Copy(io.Discard, rest) // what went wrong is kept in a
}

// charsetOf is the encoding that the header names; empty when it names none.
func charsetOf(resp *http.Response) string {
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return params["charset"]
}
