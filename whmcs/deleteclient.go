package whmcs

import (
	"context"
	"net/url"
	"strconv"
)

// DeleteClient removes a client and everything of theirs, and the user who has no other client. It cannot
// be undone: it is for a client that was made a moment ago and has nothing (docs/whmcs-api.md 1.5).
// KindNotFound when there is none.
func (c *Client) DeleteClient(ctx context.Context, id int) error {
	params := url.Values{"clientid": {strconv.Itoa(id)}, "deleteusers": {"1"}}
	return c.do(ctx, call{action: "DeleteClient", params: params, changes: true}, nil)
}
