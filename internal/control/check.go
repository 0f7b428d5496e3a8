package control

import (
	"context"
	"errors"
	"time"

	"metalease/activities/billing"
)

// checkTimeout is how long a worker may take to ask WHMCS; its own limit for WHMCS is shorter.
const checkTimeout = 11 * time.Second

// Check tells whether a worker answers, and what it finds when it asks WHMCS. Neither that nobody answers nor a WHMCS that is
// down is an error.
func (c *Control) Check(ctx context.Context) (worker bool, found billing.Reach, err error) {
	found, err = inquire[billing.Reach](ctx, c, "", "Reach", nil, checkTimeout)
	if errors.Is(err, ErrWorkerUnavailable) {
		return false, billing.Reach{Problem: "not asked: no worker answers"}, nil
	}
	if refused, is := errors.AsType[*Refused](err); is {
		return true, billing.Reach{Problem: refused.Message}, nil
	}
	return err == nil, found, err
}
