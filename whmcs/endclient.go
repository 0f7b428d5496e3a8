package whmcs

import (
	"context"
	"net/url"
	"strconv"
)

// UpdateClient sets the status and the notes of a client, and leaves all else. A Closed client can order
// nothing, neither here nor by AddOrder; of what was ordered nothing changes (docs/whmcs-api.md 1.5). A
// repeat changes nothing. KindNotFound when there is none.
func (c *Client) UpdateClient(ctx context.Context, id int, status, notes string) error {
	params := fields("clientid", positive(id), "status", status, "notes", notes)
	return c.do(ctx, call{action: "UpdateClient", params: params, changes: true}, nil)
}

// DeleteClient removes a client and everything of theirs, and the user who has no other client. It cannot
// be undone, and WHMCS asks for nothing before it: it is for a client who has nothing, and who was closed
// before that was read (docs/whmcs-api.md 1.5). KindNotFound when there is none.
func (c *Client) DeleteClient(ctx context.Context, id int) error {
	params := url.Values{"clientid": {strconv.Itoa(id)}, "deleteusers": {"1"}}
	return c.do(ctx, call{action: "DeleteClient", params: params, changes: true}, nil)
}
