package whmcs

import "context"

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
	question := map[string]any{"product": product}
	if len(services) > 0 {
		question = map[string]any{"services": services}
	}
	var answer struct {
		Records table[IspsystemRecord] `json:"records"`
	}
	if err := c.askPage(ctx, IspsystemPage, question, &answer); err != nil {
		return nil, err
	}
	return rowsOf(c, IspsystemPage, answer.Records)
}
