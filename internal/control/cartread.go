package control

import (
	"context"
	"time"

	"go.temporal.io/sdk/converter"
	"golang.org/x/sync/errgroup"

	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

// knownCart is what the engine itself knows of a cart: the cart writes there what it is, so reading it
// needs no worker and costs none anything.
type knownCart struct {
	// digest is of the body with which it was started.
	digest string
	cart   shop.Cart
	closed bool
}

// readCart reads a cart. Errors: ErrUnknownCart.
func (c *Control) readCart(ctx context.Context, id string) (known knownCart, err error) {
	if len(id) > api.LimitID || id == "" {
		return known, ErrUnknownCart
	}
	there, err := c.describe(ctx, shop.WorkflowID(id))
	if isNotFound(err) {
		return known, ErrUnknownCart
	}
	if err != nil {
		return known, err
	}
	memo := there.GetWorkflowExecutionInfo().GetMemo().GetFields()
	for name, into := range map[string]any{memoCartHash: &known.digest, shop.MemoCart: &known.cart, shop.MemoClosed: &known.closed} {
		if payload := memo[name]; payload != nil {
			if err := converter.GetDefaultDataConverter().FromPayload(payload, into); err != nil {
				return known, err
			}
		}
	}
	if known.cart.CreatedAt.IsZero() { // no worker has taken it yet
		known.cart.CreatedAt = there.GetWorkflowExecutionInfo().GetStartTime().AsTime()
		known.cart.UpdatedAt = known.cart.CreatedAt
	}
	return known, nil
}

// cartOf reads a cart of that shop; an empty shop is any. Errors: ErrUnknownCart, also for another shop's.
func (c *Control) cartOf(ctx context.Context, shopName, id string) (knownCart, error) {
	known, err := c.readCart(ctx, id)
	if err == nil && shopName != "" && known.cart.Shop != shopName {
		return knownCart{}, ErrUnknownCart
	}
	return known, err
}

// Cart is a cart of that shop; an empty shop is any. With a wait it is the cart as soon as it differs from
// what it was. It is what the cart has made durable last, also while no worker runs. Errors:
// ErrUnknownCart, also for another shop's.
func (c *Control) Cart(ctx context.Context, shopName, id string, wait time.Duration) (shop.Cart, error) {
	first, err := c.cartOf(ctx, shopName, id)
	if err != nil {
		return shop.Cart{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return c.watchCart(waiting, first, func(cart shop.Cart) bool {
		return cart.State != first.cart.State || !cart.UpdatedAt.Equal(first.cart.UpdatedAt)
	}), nil
}

// Pauses between two looks at a cart: hundreds of visitors may wait at once.
const (
	firstCartPoll = 200 * time.Millisecond
	lastCartPoll  = 2 * time.Second
)

// watchCart reads a cart until it is as wanted, or the waiting is over: the newest that was seen counts.
func (c *Control) watchCart(waiting context.Context, known knownCart, enough func(shop.Cart) bool) shop.Cart {
	for pause := firstCartPoll; !enough(known.cart) && waiting.Err() == nil; pause = min(pause*3/2, lastCartPoll) {
		if sleep(waiting, pause); waiting.Err() != nil {
			break
		}
		if now, err := c.readCart(waiting, known.cart.ID); err == nil {
			known = now
		}
	}
	return c.withProgress(context.WithoutCancel(waiting), known.cart)
}

// withProgress adds the step at which a service is built. What nobody can tell now stays as the cart
// knows it.
func (c *Control) withProgress(ctx context.Context, cart shop.Cart) shop.Cart {
	var all errgroup.Group
	for i, s := range cart.Services {
		building := s.Phase == "" && cart.State == shop.StatePaid || s.Phase == api.PhasePending || s.Phase == api.PhaseWaiting
		if !building {
			continue
		}
		all.Go(func() error {
			var status api.Status
			if c.told(ctx, api.ServiceWorkflowID(s.ServiceID), api.QueryStatus, &status) != nil {
				return nil
			}
			cart.Services[i] = shop.Service{ServiceID: s.ServiceID, Phase: status.Phase, Step: status.Step, IP: s.IP}
			if status.Server != nil {
				cart.Services[i].IP = status.Server.IP
			}
			return nil
		})
	}
	_ = all.Wait() // none of them returns an error
	return cart
}
