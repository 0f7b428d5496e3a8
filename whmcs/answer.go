package whmcs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"metalease/internal/retryafter"
	"metalease/internal/secret"
)

// received is an answer as it came.
type received struct {
	status     int
	body       []byte
	retryAfter time.Duration
	// over is true of an answer over the limit; it has no body.
	over bool
}

// receive reads one byte more than is allowed, so that a longer answer shows.
func (c *Client) receive(resp *http.Response) (received, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.config.MaxAnswer+1))
	got := received{status: resp.StatusCode, retryAfter: retryafter.Of(resp.Header, time.Now()), over: int64(len(body)) > c.config.MaxAnswer}
	if !got.over {
		got.body = legalJSON(body, resp.Header.Get("Content-Type"))
	}
	return got, err
}

// understand reads an answer whatever the HTTP status: WHMCS sends its errors
// with 200 and with 4xx alike. Text before the JSON (warnings of PHP) makes the
// answer none: what else went wrong is not known.
func (c *Client) understand(what call, got received, answer any) error {
	var head struct {
		Result  shortText `json:"result"`
		Message shortText `json:"message"`
	}
	if got.over {
		return c.large(got, what, fmt.Sprintf("the answer is larger than %d bytes", c.config.MaxAnswer))
	}
	if json.Unmarshal(got.body, &head) != nil || head.Result == "" {
		return c.failed(got, what, KindNotAnAnswer, fmt.Sprintf("%s answered %d with %s, which is no answer of WHMCS", c.host, got.status, describe(got.body, c.masks(what))))
	}
	if head.Result != "success" {
		message := string(head.Message)
		return &Error{Action: what.action, Kind: classify(message, got.status), Status: got.status, Reason: reasonOf(message), RetryAfter: got.retryAfter,
			Message: c.masks(what).Redact(orUnknown(c.masks(what).Clean(message, longestMessage)))}
	}
	if answer == nil {
		return nil
	}
	err := json.Unmarshal(got.body, answer)
	if errors.Is(err, errTooMany) {
		return c.large(got, what, err.Error())
	}
	if err != nil {
		return c.failed(got, what, KindNotAnAnswer, "the answer has an unexpected shape")
	}
	return nil
}

// large is an answer over a limit. Of a change it is no answer: it does not say what was done.
func (c *Client) large(got received, what call, message string) error {
	kind := KindTooLarge
	if what.changes {
		kind = KindNotAnAnswer
	}
	return c.failed(got, what, kind, message)
}

func orUnknown(message string) string {
	if message == "" {
		return "refused without a reason"
	}
	return message
}

// longestMessage is in characters. A message of WHMCS or of a module is a sentence.
const longestMessage = 400

// failed is fail of an answer that may ask for a pause.
func (c *Client) failed(got received, what call, kind Kind, message string) error {
	return &Error{Action: what.action, Kind: kind, Message: c.masks(what).Redact(message), RetryAfter: got.retryAfter}
}

// fail makes an error of which no secret of the request is a part.
func (c *Client) fail(what call, kind Kind, message string) error {
	return c.failed(received{}, what, kind, message)
}

// masks hides the secrets of the configuration and of the request.
func (c *Client) masks(what call) *secret.Redactor {
	return c.redactor.With(what.params.Get("servicepassword"), what.params.Get("password2"))
}
