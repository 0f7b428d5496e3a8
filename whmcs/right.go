package whmcs

import (
	"context"
	"errors"
	"net/url"
	"strings"
)

// Right is an action of WHMCS's API that metalease calls.
type Right struct {
	Action string `json:"action"`
	// For says what it is needed for; Shops, that only shops need it.
	For   string `json:"for"`
	Shops bool   `json:"shops,omitempty"`
	// params are those of a harmless call: one row, or an object that is not there.
	params url.Values
}

// Entry is a server entry of WHMCS.
type Entry struct {
	Name   string
	Module string
	Active bool
}

// Entries are the server entries. Errors: KindCredentials where the role does not allow GetServers.
func (c *Client) Entries(ctx context.Context) ([]Entry, error) {
	var answer struct {
		Servers table[struct {
			Name   text `json:"name"`
			Module text `json:"module"`
			Active flag `json:"active"`
		}] `json:"servers"`
	}
	if err := c.do(ctx, call{action: "GetServers"}, &answer); err != nil {
		return nil, err
	}
	var entries []Entry
	for _, s := range answer.Servers {
		entries = append(entries, Entry{string(s.row.Name), string(s.row.Module), bool(s.row.Active)})
	}
	return entries, nil
}

// Setting is a setting of WHMCS as tblconfiguration has it (docs/whmcs-api.md 1.6). Errors:
// KindCredentials where the role does not allow GetConfigurationValue.
func (c *Client) Setting(ctx context.Context, name string) (string, error) {
	var answer struct {
		Value text `json:"value"`
	}
	err := c.do(ctx, call{action: "GetConfigurationValue", params: url.Values{"setting": {name}}}, &answer)
	return string(answer.Value), err
}

// nothing is an id that no WHMCS gives.
const nothing = "999999999"

// Rights are all actions that metalease calls (docs/whmcs-api.md 1.4 to 1.6 and 5.2).
func Rights() []Right {
	of := func(names ...string) url.Values {
		v := url.Values{}
		for _, name := range names {
			v.Set(name, nothing)
		}
		return v
	}
	return []Right{
		{"WhmcsDetails", "the version", false, nil},
		{"GetProducts", "products and their module", false, of("pid")},
		{"GetClientsProducts", "services", false, of("serviceid")},
		{"GetOrders", "whether an order is paid", false, of("id")},
		{"GetModuleQueue", "failed set-ups", false, of("relatedId")},
		{"UpdateClientProduct", "addresses and texts of a service", false, of("serviceid")},
		{"ModuleCreate", "turning a service Active", false, of("serviceid")},
		{"ModuleSuspend", "suspended services", false, of("serviceid")},
		{"ModuleUnsuspend", "services that were paid", false, of("serviceid")},
		{"ModuleTerminate", "services that ended", false, of("serviceid")},
		{"TriggerNotificationEvent", "telling staff", false, nil},
		{"OpenTicket", "telling staff by ticket", false, of("deptid", "clientid")},
		{"AddTicketReply", "telling staff by ticket", false, of("ticketid")},
		{"LogActivity", "the activity log", false, url.Values{"description": {"metalease: starter whmcs check asks whether it may write here"}}},
		{"SendEmail", "mails to customers", false, of("id")},
		{"GetCurrencies", "prices for shops", true, nil},
		{"GetPaymentMethods", "carts", true, nil},
		{"GetPromotions", "promotion codes of carts", true, url.Values{"code": {nothing}}},
		{"GetClientsDetails", "clients of carts", true, of("clientid")},
		{"GetInvoice", "payments of carts", true, of("invoiceid")},
		{"GetInvoices", "what a cart that failed has left", true, of("userid")},
		{"AddClient", "clients of carts", true, nil},
		{"AddOrder", "orders of carts", true, of("clientid")},
		{"CancelOrder", "carts that ended", true, of("orderid")},
		{"PendingOrder", "carts that ended", true, of("orderid")},
		{"UpdateInvoice", "carts that ended", true, of("invoiceid")},
		{"CreateSsoToken", "buyers who are signed in at the checkout", true, of("client_id")},
		{"DeleteOrder", "what a cart that failed has left", true, of("orderid")},
		{"UpdateClient", "what a cart that failed has left", true, of("clientid")},
		{"DeleteClient", "what a cart that failed has left", true, of("clientid")},
	}
}

// Tried is what WHMCS answered to a harmless call of an action.
type Tried struct {
	Allowed bool
	// Status is the HTTP status of a refusal by the role; 0 where it refused nothing.
	Status int
	// Missing tells that what the call named was refused as not there; false: the answer had no row of it.
	Missing bool
}

// Try calls an action in a way that changes nothing: it names nothing that is there. Errors are those
// of a WHMCS that does not answer, or refuses the credential.
func (c *Client) Try(ctx context.Context, r Right) (Tried, error) {
	err := c.do(ctx, call{action: r.Action, params: r.params}, &struct{}{})
	failure, _ := errors.AsType[*Error](err)
	switch {
	case err == nil:
		return Tried{Allowed: true}, nil
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrRefused):
		return Tried{Allowed: true, Missing: true}, nil
	case errors.Is(err, ErrUnknownAction):
		return Tried{}, nil
	case failure != nil && strings.HasPrefix(strings.ToLower(failure.Message), "invalid permissions"):
		return Tried{Status: failure.Status}, nil
	}
	return Tried{}, err
}

// Allowed tells whether the API role may call an action. Errors are those of Try.
func (c *Client) Allowed(ctx context.Context, r Right) (bool, error) {
	tried, err := c.Try(ctx, r)
	return tried.Allowed, err
}
