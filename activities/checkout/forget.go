package checkout

import (
	"context"
	"errors"
	"strings"
	"time"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// The notes of a client say for which cart it was made, and that it is being removed again. The client
// cannot change them, so they tell what is ours; what staff have written over is not.
const (
	madeFor  = "metalease: made for "
	toRemove = "; that came to nothing, and the client is being removed"
)

func made(cart string) string { return madeFor + mark(cart) }

// leaving tells whether some cart is about to remove a client that was made for it.
func leaving(known whmcs.ClientDetails) bool {
	return known.Status == whmcs.ClientClosed && strings.HasPrefix(known.Notes, madeFor) && strings.HasSuffix(known.Notes, toRemove)
}

func beingRemoved(client int) error {
	return edge.Retryable(edge.ErrWHMCSUnavailable, "client %d was made for a cart that came to nothing, and is being removed", client)
}

// ForgetClient removes the client that was made for this cart, if there is one and it has nothing. WHMCS
// removes whatever the client has, without a question, and another cart or the client may be ordering just
// now. So the client is closed first: from then on WHMCS takes no order of theirs. It may have asked for the
// status just before, and be writing an order still: only when its time limit has passed, another call looks
// for one, and removes who has nothing. Who has something is opened again, and stays.
func (c *Checkout) ForgetClient(ctx context.Context, in Forget) (Forgotten, error) {
	known, err := c.madeFor(ctx, in)
	if err != nil || known.ID == 0 {
		return Forgotten{}, err
	}
	switch {
	case known.Credit && !leaving(known): // money of theirs: staff's business
		return Forgotten{}, nil
	case known.Status == whmcs.ClientClosed && !leaving(known): // closed by staff
		return Forgotten{}, nil
	case !leaving(known): // who is in use is not even closed for a moment
		if used, err := c.used(ctx, known.ID); err != nil || used {
			return Forgotten{}, err
		}
	}
	if !in.Closed || !leaving(known) {
		err := c.Client.UpdateClient(ctx, known.ID, whmcs.ClientClosed, made(in.CartID)+toRemove)
		return Forgotten{LookAgain: Duration(c.Settle)}, err
	}
	used, err := c.used(ctx, known.ID)
	if used = used || known.Credit; err == nil && !used {
		err = c.Client.DeleteClient(ctx, known.ID)
	}
	kind := whmcs.KindOf(err)
	if kind == whmcs.KindNotFound || err == nil && !used {
		return Forgotten{}, nil
	}
	if kind.Properties().Retryable { // still closed: whoever looks for the client waits
		return Forgotten{}, err
	}
	if reopened := c.Client.UpdateClient(ctx, known.ID, whmcs.ClientActive, made(in.CartID)); reopened != nil {
		return Forgotten{}, reopened
	}
	return Forgotten{}, err
}

// madeFor finds the client that was made for the cart; id 0 is none. Where the reply of AddClient was lost,
// WHMCS may still be at work on it.
func (c *Checkout) madeFor(ctx context.Context, in Forget) (known whmcs.ClientDetails, err error) {
	if in.ClientID > 0 {
		known, err = c.Client.ClientByID(ctx, in.ClientID)
	} else {
		err = c.patiently(ctx, func() (bool, error) {
			known, err = c.Client.ClientByEmail(ctx, in.Email)
			return !errors.Is(err, whmcs.ErrNotFound), err
		})
	}
	if errors.Is(err, whmcs.ErrNotFound) || err == nil && known.Notes != made(in.CartID) && known.Notes != made(in.CartID)+toRemove {
		return whmcs.ClientDetails{}, nil
	}
	return known, err
}

// used tells whether a client has anything that would be lost with it.
func (c *Checkout) used(ctx context.Context, client int) (bool, error) {
	services, err := c.Client.ClientServices(ctx, client)
	if err != nil || len(services) > 0 {
		return len(services) > 0, err
	}
	orders, err := c.Client.ClientOrders(ctx, client, "")
	if err != nil || len(orders) > 0 {
		return len(orders) > 0, err
	}
	return c.Client.Billed(ctx, client)
}

// gone tells whether a client was removed. One that is about to be is waited for: as long as WHMCS's time
// limit now, and on the next attempt.
func (c *Checkout) gone(ctx context.Context, client int) (gone bool, err error) {
	var known whmcs.ClientDetails
	err = c.patiently(ctx, func() (bool, error) {
		known, err = c.Client.ClientByID(ctx, client)
		if gone = errors.Is(err, whmcs.ErrNotFound); gone {
			return true, nil
		}
		return !leaving(known), err
	})
	if err == nil && !gone && leaving(known) {
		err = beingRemoved(client)
	}
	return gone, err
}

// patiently asks until that is enough, or WHMCS's own time limit is over. An error ends it, unless it is
// what is waited for.
func (c *Checkout) patiently(ctx context.Context, enough func() (bool, error)) error {
	until := time.Now().Add(c.Settle)
	pause := time.NewTicker(c.pause())
	defer pause.Stop()
	for {
		done, err := enough()
		if done || err != nil && !errors.Is(err, whmcs.ErrNotFound) || !time.Now().Before(until) {
			return err
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pause is between two looks at what WHMCS may be at work on.
func (c *Checkout) pause() time.Duration { return max(c.Settle/10, time.Millisecond) }
