package checkout

import (
	"context"
	"errors"
	"strings"
	"time"

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

// ForgetClient removes the client that was made for this cart, if there is one and it has nothing. WHMCS
// removes whatever the client has, without a question, and another cart or the client may be ordering just
// now. So the client is closed first: from then on WHMCS takes no order of theirs, and what was taken before
// shows when it is looked for a moment later. Who has something is opened again, and stays.
func (c *Checkout) ForgetClient(ctx context.Context, in Forget) error {
	known, err := c.madeFor(ctx, in)
	if err != nil || known.ID == 0 {
		return err
	}
	switch {
	case known.Credit: // money of theirs: staff's business
		return nil
	case known.Status == whmcs.ClientClosed && !leaving(known): // closed by staff
		return nil
	case known.Status != whmcs.ClientClosed: // who is in use is not even closed for a moment
		if used, err := c.used(ctx, known.ID); err != nil || used {
			return err
		}
	}
	if err := c.Client.UpdateClient(ctx, known.ID, whmcs.ClientClosed, made(in.CartID)+toRemove); err != nil {
		return err
	}
	used, err := c.usedSoon(ctx, known.ID)
	if err == nil && !used {
		err = c.Client.DeleteClient(ctx, known.ID)
	}
	kind := whmcs.KindOf(err)
	if kind == whmcs.KindNotFound || err == nil && !used {
		return nil
	}
	if kind.Properties().Retryable { // still closed: whoever looks for the client waits
		return err
	}
	if reopened := c.Client.UpdateClient(ctx, known.ID, whmcs.ClientActive, made(in.CartID)); reopened != nil {
		return reopened
	}
	return err
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

// usedSoon tells whether a client who was closed has anything. WHMCS may have asked for the client's status
// just before, and be writing an order still: that one shows a moment later.
func (c *Checkout) usedSoon(ctx context.Context, client int) (bool, error) {
	select {
	case <-time.After(c.pause()):
		return c.used(ctx, client)
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (c *Checkout) used(ctx context.Context, client int) (bool, error) {
	services, err := c.Client.ClientServices(ctx, client)
	if err != nil || len(services) > 0 {
		return len(services) > 0, err
	}
	orders, err := c.Client.ClientOrders(ctx, client, "")
	return len(orders) > 0, err
}

// gone tells whether a client was removed. One that is about to be is waited for.
func (c *Checkout) gone(ctx context.Context, client int) (gone bool, err error) {
	err = c.patiently(ctx, func() (bool, error) {
		known, err := c.Client.ClientByID(ctx, client)
		if gone = errors.Is(err, whmcs.ErrNotFound); gone {
			return true, nil
		}
		return !leaving(known), err
	})
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
