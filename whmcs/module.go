package whmcs

import (
	"context"
	"net/url"
	"strconv"
)

// The module calls run the server module inside WHMCS, and on its success WHMCS
// changes the status itself (docs/whmcs-api.md 1.4). They act again when they are sent
// again: read the status first, and after KindResultUnknown.

// ModuleCreate has WHMCS set the service up and send its welcome mail.
func (c *Client) ModuleCreate(ctx context.Context, serviceID int) error {
	return c.module(ctx, "ModuleCreate", serviceID, nil)
}

// ModuleSuspend has WHMCS suspend the service for a reason.
func (c *Client) ModuleSuspend(ctx context.Context, serviceID int, reason string) error {
	return c.module(ctx, "ModuleSuspend", serviceID, url.Values{"suspendreason": {Plain(reason)}})
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

// QueueEntry is a failed module function that waits for staff. WHMCS does not
// repeat it by itself (docs/whmcs-api.md 3.7).
type QueueEntry struct {
	ID, ServiceID      int
	Module, Action     string
	LastAttempt, Error string
	Retries            int
	Completed          bool
}

// ModuleQueue reads the module queue's entries of one service.
func (c *Client) ModuleQueue(ctx context.Context, serviceID int) ([]QueueEntry, error) {
	var answer struct {
		Queue list[struct {
			ID          number `json:"id"`
			ServiceID   number `json:"serviceId"`
			Module      text   `json:"moduleName"`
			Action      text   `json:"moduleAction"`
			LastAttempt text   `json:"lastAttempt"`
			Error       text   `json:"lastAttemptError"`
			Retries     number `json:"numRetries"`
			Completed   flag   `json:"completed"`
		}] `json:"queue"`
	}
	params := url.Values{"relatedId": {strconv.Itoa(serviceID)}, "serviceType": {"service"}}
	if err := c.do(ctx, call{action: "GetModuleQueue", params: params}, &answer); err != nil {
		return nil, err
	}
	var entries []QueueEntry
	for _, q := range answer.Queue {
		entries = append(entries, QueueEntry{int(q.ID), int(q.ServiceID), string(q.Module), string(q.Action),
			string(q.LastAttempt), string(q.Error), int(q.Retries), bool(q.Completed)})
	}
	return entries, nil
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
