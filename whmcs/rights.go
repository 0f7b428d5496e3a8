package whmcs

import (
	"context"
	"errors"
)

// Rights are the actions that the API role must allow (docs/whmcs.md).
var Rights = []string{
	"GetClientsProducts", "UpdateClientProduct", "GetOrders", "GetProducts", "GetModuleQueue", "WhmcsDetails",
	"ModuleCreate", "ModuleSuspend", "ModuleUnsuspend", "ModuleTerminate",
	"TriggerNotificationEvent", "OpenTicket", "AddTicketReply", "LogActivity", "SendEmail",
}

// harmless are calls that do nothing, whatever the action: those that only read take one row, and those that change something name
// nothing to change, which WHMCS refuses after it has looked at the role (docs/whmcs-api.md 1.2).
var harmless = map[string]call{
	"GetClientsProducts":  {action: "GetClientsProducts", params: map[string][]string{"limitnum": {"1"}}},
	"GetOrders":           {action: "GetOrders", params: map[string][]string{"limitnum": {"1"}}},
	"GetProducts":         {action: "GetProducts", params: map[string][]string{"pid": {"0"}}},
	"GetModuleQueue":      {action: "GetModuleQueue"},
	"WhmcsDetails":        {action: "WhmcsDetails"},
	"UpdateClientProduct": {action: "UpdateClientProduct"}, "ModuleCreate": {action: "ModuleCreate"}, "ModuleSuspend": {action: "ModuleSuspend"},
	"ModuleUnsuspend": {action: "ModuleUnsuspend"}, "ModuleTerminate": {action: "ModuleTerminate"},
	"AddTicketReply": {action: "AddTicketReply"}, "OpenTicket": {action: "OpenTicket"}, "SendEmail": {action: "SendEmail"},
}

// May asks whether the API role allows an action, by a call of it that does nothing. Known is false for an action that cannot be asked
// that way. The error is one of the way to WHMCS.
func (c *Client) May(ctx context.Context, action string) (may, known bool, err error) {
	what, askable := harmless[action]
	if !askable {
		return false, false, nil
	}
	var answer struct{}
	err = c.do(ctx, what, &answer)
	switch {
	case errors.Is(err, ErrCredentials), errors.Is(err, ErrUnknownAction):
		return false, true, nil
	case err == nil, errors.Is(err, ErrRefused), errors.Is(err, ErrNotFound):
		return true, true, nil
	}
	return false, false, err
}
