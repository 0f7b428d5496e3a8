package whmcs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"metalease/internal/signing"
)

// askPage asks a page of our module in WHMCS. The call is signed as WHMCS signs its own to the
// gateway: it needs Installation and ModuleSecret. Errors: KindCredentials, KindUnknownAction
// when the page is not there, and those of a call that changes nothing.
func (c *Client) askPage(ctx context.Context, page string, question, answer any) error {
	what := call{action: path.Base(page)}
	if c.config.ModuleSecret == "" {
		return c.fail(what, KindCredentials, "the worker has no gateway.secret, with which the call would be signed")
	}
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(c.config.URL, "/")+page, bytes.NewReader(text))
	if err != nil {
		return c.fail(what, KindUnavailable, "the request could not be made")
	}
	req.Header.Set("Content-Type", "application/json")
	signing.Sign(req, text, c.config.Installation, c.config.ModuleSecret, time.Now())
	resp, err := c.http.Do(req)
	if err != nil {
		return c.lost(what, false, err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := c.receive(resp)
	if err != nil {
		return c.lost(what, false, err)
	}
	return c.readPage(what, page, got, answer)
}

func (c *Client) readPage(what call, page string, got received, answer any) error {
	var problem struct {
		Title shortText `json:"title"`
	}
	err := json.Unmarshal(got.body, &problem)
	if err == nil && got.status == http.StatusOK {
		err = json.Unmarshal(got.body, answer)
	}
	switch {
	case got.over:
		return c.large(got, what, fmt.Sprintf("the answer is larger than %d bytes", c.config.MaxAnswer))
	case errors.Is(err, errTooMany):
		return c.large(got, what, err.Error())
	case got.status == http.StatusNotFound:
		return c.failed(got, what, KindUnknownAction, "there is no "+page+" in this WHMCS: unpack our module in its root")
	case got.status == http.StatusUnauthorized, got.status == http.StatusForbidden:
		return c.failed(got, what, KindCredentials, orUnknown(c.redactor.Clean(string(problem.Title), longestMessage)))
	case got.status != http.StatusOK || err != nil:
		return c.failed(got, what, KindNotAnAnswer, fmt.Sprintf("%s answered %d with %s", c.host, got.status, c.described(page, got.body)))
	}
	return nil
}

// described is what an error says of an answer that is none.
func (c *Client) described(page string, body []byte) string {
	if secretPages[page] {
		return "something that is not its answer, and is not shown"
	}
	return describe(body, c.redactor)
}

// rowsOf are the rows of a page. Our own module writes them, so one that cannot be read is an error.
func rowsOf[T any](c *Client, page string, all table[T]) ([]T, error) {
	var rows []T
	for i, e := range all {
		if e.fault != nil {
			return nil, c.fail(call{action: path.Base(page)}, KindUnreadable, fmt.Sprintf("row %d cannot be read: %s", i+1, why(e.fault)))
		}
		rows = append(rows, e.row)
	}
	return rows, nil
}
