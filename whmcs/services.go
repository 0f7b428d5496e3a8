package whmcs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"metalease/internal/clean"
	"metalease/internal/secret"
)

// row is a service as WHMCS writes it, misspellings included.
type row struct {
	ID                   number `json:"id"`
	ClientID             number `json:"clientid"`
	OrderID              number `json:"orderid"`
	ProductID            number `json:"pid"`
	Status               text   `json:"status"`
	Domain               text   `json:"domain"`
	DedicatedIP          text   `json:"dedicatedip"`
	AssignedIPs          text   `json:"assignedips"`
	Username             text   `json:"username"`
	Password             text   `json:"password"`
	ServerID             number `json:"serverid"`
	ServerName           text   `json:"servername"`
	ServerHostname       text   `json:"serverhostname"`
	NextDueDate          Date   `json:"nextduedate"`
	BillingCycle         text   `json:"billingcycle"`
	SuspensionReason     text   `json:"suspensionreason"`
	Notes                text   `json:"notes"`
	OverrideAutoSuspend  flag   `json:"overideautosuspend"`
	OverrideSuspendUntil Date   `json:"overidesuspenduntil"`
	Nameserver1          text   `json:"ns1"`
	CustomFields         list[struct {
		ID    number `json:"id"`
		Name  text   `json:"name"`
		Value text   `json:"value"`
	}] `json:"customfields"`
	ConfigOptions list[struct {
		ID    number `json:"id"`
		Name  text   `json:"option"`
		Type  text   `json:"type"`
		Value text   `json:"value"`
	}] `json:"configoptions"`
}

func (r row) service() Service {
	service := Service{
		ID: int(r.ID), ClientID: int(r.ClientID), OrderID: int(r.OrderID), ProductID: int(r.ProductID),
		Status: Status(r.Status), Domain: string(r.Domain), DedicatedIP: string(r.DedicatedIP),
		Username: string(r.Username), Password: secret.New(string(r.Password)),
		AssignedIPs: strings.Fields(string(r.AssignedIPs)), AssignedIPsText: string(r.AssignedIPs),
		ServerID: int(r.ServerID), ServerName: string(r.ServerName), ServerHostname: string(r.ServerHostname),
		NextDueDate: r.NextDueDate, BillingCycle: string(r.BillingCycle), SuspensionReason: string(r.SuspensionReason),
		Notes: string(r.Notes), OverrideAutoSuspend: bool(r.OverrideAutoSuspend), OverrideSuspendUntil: r.OverrideSuspendUntil,
		Nameserver1: string(r.Nameserver1),
	}
	for _, f := range r.CustomFields {
		service.CustomFields = append(service.CustomFields, CustomField{int(f.ID), string(f.Name), secret.New(string(f.Value))})
	}
	for _, o := range r.ConfigOptions {
		service.ConfigOptions = append(service.ConfigOptions, ConfigOption{int(o.ID), string(o.Name), string(o.Type), string(o.Value)})
	}
	return service
}

// core is what is read of a row that cannot be read whole. Whose it is and where it stands is
// enough for decisions about others.
type core struct {
	ID             number    `json:"id"`
	ClientID       number    `json:"clientid"`
	OrderID        number    `json:"orderid"`
	ProductID      number    `json:"pid"`
	Status         shortText `json:"status"`
	Domain         shortText `json:"domain"`
	DedicatedIP    shortText `json:"dedicatedip"`
	Username       shortText `json:"username"`
	ServerID       number    `json:"serverid"`
	ServerName     shortText `json:"servername"`
	ServerHostname shortText `json:"serverhostname"`
	NextDueDate    Date      `json:"nextduedate"`
}

// serviceOf reads a row as far as it can be.
func serviceOf(e entry[row]) Service {
	if e.fault == nil {
		return e.row.service()
	}
	var c core
	_ = json.Unmarshal(e.raw, &c) // a row that is no object has no id
	return Service{
		ID: int(c.ID), ClientID: int(c.ClientID), OrderID: int(c.OrderID), ProductID: int(c.ProductID),
		Status: Status(c.Status), Domain: string(c.Domain), DedicatedIP: string(c.DedicatedIP), Username: string(c.Username),
		ServerID: int(c.ServerID), ServerName: string(c.ServerName), ServerHostname: string(c.ServerHostname),
		NextDueDate: c.NextDueDate, Unreadable: clean.Line(why(e.fault), longestMessage),
	}
}

// why says what is wrong with a row, and quotes nothing of it: passwords stand in there.
func why(err error) string {
	var shape *json.UnmarshalTypeError
	if errors.As(err, &shape) {
		return "a " + shape.Value + " stands where " + shape.Field + " was expected"
	}
	return err.Error()
}

func unreadable(serviceID int, why string) error {
	return &Error{Action: "GetClientsProducts", Kind: KindUnreadable, Message: fmt.Sprintf("the row of service %d cannot be read: %s", serviceID, why)}
}

// size is about how many bytes a service takes.
func (s Service) size() int {
	size := 700 + len(s.Notes) + len(s.Domain) + 2*len(s.AssignedIPsText) + len(s.SuspensionReason) + 16*len(s.AssignedIPs)
	for _, f := range s.CustomFields {
		size += 40 + len(f.Name) + len(f.Value.Reveal())
	}
	for _, o := range s.ConfigOptions {
		size += 56 + len(o.Name) + len(o.Type) + len(o.Value)
	}
	return size
}

// services reads all pages of GetClientsProducts.
func (c *Client) services(ctx context.Context, key, value string) ([]Service, error) {
	kept := 0
	services, err := pages(url.Values{key: {value}}, func(s Service) number { return number(s.ID) }, func(params url.Values) (number, []Service, error) {
		var answer struct {
			Total    number     `json:"totalresults"`
			Products table[row] `json:"products"`
		}
		if err := c.do(ctx, call{action: "GetClientsProducts", params: params}, &answer); err != nil {
			return 0, nil, err
		}
		var page []Service
		for _, e := range answer.Products {
			service := serviceOf(e)
			if service.ID == 0 && key == "clientid" {
				return 0, nil, &Error{Action: "GetClientsProducts", Kind: KindUnreadable, Message: "a row of client " + value + " is no service: " + service.Unreadable}
			}
			page = append(page, service)
			kept += service.size()
		}
		if kept > c.config.MaxList {
			return 0, nil, &Error{Action: "GetClientsProducts", Kind: KindTooLarge, Message: fmt.Sprintf("more than %d MiB of services belong to %s %s", c.config.MaxList>>20, key, value)}
		}
		return answer.Total, page, nil
	})
	// Of a product with thousands a row that is no service is nobody's loss.
	return slices.DeleteFunc(services, func(s Service) bool { return s.ID == 0 }), err
}
