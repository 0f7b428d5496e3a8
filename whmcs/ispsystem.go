package whmcs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"metalease/internal/signing"
)

// IspsystemRecord is what ISPsystem's own module has noted of a service: the row of its
// table mod_ispsystem, with what WHMCS knows beside it (docs/dcimanager.md 1).
type IspsystemRecord struct {
	ServiceID int    `json:"service_id"`
	ClientID  int    `json:"client_id"`
	ProductID int    `json:"product_id"`
	Status    Status `json:"status"`
	Username  string `json:"username"`
	// ServerID is the panel's id of the server; empty when the service has none.
	ServerID string          `json:"server_id"`
	Label    string          `json:"label"`
	Entry    IspsystemServer `json:"server_entry"`
}

// IspsystemServer is the WHMCS server entry of such a service.
type IspsystemServer struct {
	Name     string `json:"name"`
	Hostname string `json:"hostname"`
	IP       string `json:"ip"`
	Username string `json:"username"`
}

// IspsystemPage is where our module answers for that table.
const IspsystemPage = "/modules/servers/metalease/ispsystem.php"

// IspsystemRecords asks our module for the records of these services or, when there are
// none, of a product's. The call is signed as WHMCS signs its own to the gateway: it needs
// Installation and ModuleSecret. Errors: KindCredentials, KindUnknownAction when the page is
// not there.
func (c *Client) IspsystemRecords(ctx context.Context, services []int, product int) ([]IspsystemRecord, error) {
	what := call{action: "ispsystem.php"}
	if c.config.ModuleSecret == "" {
		return nil, c.fail(what, KindCredentials, "the worker has no gateway.secret, with which the call would be signed")
	}
	question := map[string]any{"product": product}
	if len(services) > 0 {
		question = map[string]any{"services": services}
	}
	text, err := json.Marshal(question)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(c.config.URL, "/")+IspsystemPage, bytes.NewReader(text))
	if err != nil {
		return nil, c.fail(what, KindUnavailable, "the request could not be made")
	}
	req.Header.Set("Content-Type", "application/json")
	signing.Sign(req, text, c.config.Installation, c.config.ModuleSecret, time.Now())
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.lost(what, false, err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := c.receive(resp)
	if err != nil {
		return nil, c.lost(what, false, err)
	}
	return c.records(what, got)
}

func (c *Client) records(what call, got received) ([]IspsystemRecord, error) {
	var answer struct {
		Title   shortText              `json:"title"`
		Records table[IspsystemRecord] `json:"records"`
	}
	err := json.Unmarshal(got.body, &answer)
	switch {
	case got.over:
		return nil, c.large(got, what, fmt.Sprintf("the answer is larger than %d bytes", c.config.MaxAnswer))
	case errors.Is(err, errTooMany):
		return nil, c.large(got, what, err.Error())
	case got.status == http.StatusNotFound:
		return nil, c.failed(got, what, KindUnknownAction, "there is no "+IspsystemPage+" in this WHMCS: unpack our module in its root")
	case got.status == http.StatusUnauthorized, got.status == http.StatusForbidden:
		return nil, c.failed(got, what, KindCredentials, orUnknown(c.redactor.Clean(string(answer.Title), longestMessage)))
	case got.status != http.StatusOK || err != nil:
		return nil, c.failed(got, what, KindNotAnAnswer, fmt.Sprintf("%s answered %d with %s", c.host, got.status, describe(got.body, c.redactor)))
	}
	var records []IspsystemRecord
	for i, e := range answer.Records {
		if e.fault != nil {
			return nil, c.failed(got, what, KindUnreadable, fmt.Sprintf("record %d cannot be read: %s", i+1, why(e.fault)))
		}
		records = append(records, e.row)
	}
	return records, nil
}
