package whmcs

import (
	"context"
	"net/url"
	"strconv"
)

// The module calls run the server module inside WHMCS, and on its success WHMCS
// changes the status itself (reference 1.4). They act again when they are sent
// again: read the status first, and after KindResultUnknown.

// ModuleCreate has WHMCS set the service up and send its welcome mail.
func (c *Client) ModuleCreate(ctx context.Context, serviceID int) error {
	return c.module(ctx, "ModuleCreate", serviceID, nil)
}

// ModuleSuspend has WHMCS suspend the service for a reason.
func (c *Client) ModuleSuspend(ctx context.Context, serviceID int, reason string) error {
	return c.module(ctx, "ModuleSuspend", serviceID, url.Values{"suspendreason": {reason}})
}

// ModuleUnsuspend has WHMCS unsuspend the service.
func (c *Client) ModuleUnsuspend(ctx context.Context, serviceID int) error {
	return c.module(ctx, "ModuleUnsuspend", serviceID, nil)
}

// ModuleTerminate has WHMCS terminate the service.
func (c *Client) ModuleTerminate(ctx context.Context, serviceID int) error {
	return c.module(ctx, "ModuleTerminate", serviceID, nil)
}

func (c *Client) module(ctx context.Context, action string, serviceID int, more url.Values) error {
	params := url.Values{"serviceid": {strconv.Itoa(serviceID)}}
	for key, values := range more {
		params[key] = values
	}
	return c.do(ctx, call{action: action, params: params, changes: true, module: true}, nil)
}

// LogActivity writes a line to WHMCS's activity log.
func (c *Client) LogActivity(ctx context.Context, clientID int, line string) error {
	params := url.Values{"description": {line}, "clientid": {strconv.Itoa(clientID)}}
	return c.do(ctx, call{action: "LogActivity", params: params, changes: true}, nil)
}

// Version is the version of WHMCS, such as 8.13.1-release.1.
func (c *Client) Version(ctx context.Context) (string, error) {
	var answer struct {
		WHMCS struct {
			Version   text `json:"version"`
			Canonical text `json:"canonicalversion"`
		} `json:"whmcs"`
	}
	err := c.do(ctx, call{action: "WhmcsDetails"}, &answer)
	if answer.WHMCS.Canonical != "" {
		return string(answer.WHMCS.Canonical), err
	}
	return string(answer.WHMCS.Version), err
}
