package service

import (
	"errors"

	"go.temporal.io/sdk/workflow"

	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/message"
)

// Follower is the cart whose order this service is of, and what it was told last. The cart's signal sets
// it; it is cleared when the cart has ended.
type Follower struct {
	Cart string       `json:"cart,omitempty"`
	Told shop.Service `json:"told,omitzero"`
}

// followed takes the wish of a cart to be told.
func (s *State) followed(cart string) error {
	if cart == "" || !clean.FitsJSON(cart, api.LimitID) {
		return errors.New("the signal names no cart")
	}
	s.Follower = Follower{Cart: cart}
	return nil
}

// forCart is what the cart should know. The steps of the build are not among it: each word is three
// events of the history.
func (s *State) forCart() shop.Service {
	now := shop.Service{ServiceID: s.Order.ServiceID, Phase: s.Life.Phase}
	if server := s.shown(); server != nil {
		now.IP = server.IP
	}
	return now
}

// owesCart tells whether the cart does not know yet how far this service is.
func (l *lifecycle) owesCart() bool {
	return l.s.Follower.Cart != "" && l.s.Follower.Told != l.s.forCart()
}

// keepCartTold tells the cart of each change, one after the other. A cart that has ended is told no more.
func (l *lifecycle) keepCartTold(ctx workflow.Context) {
	for {
		_ = workflow.Await(ctx, l.owesCart)
		f := &l.s.Follower
		cart, now := f.Cart, l.s.forCart()
		err := workflow.SignalExternalWorkflow(ctx, shop.WorkflowID(cart), "", message.SignalPhase, now).Get(ctx, nil)
		switch {
		case f.Cart != cart: // another one follows since
		case err != nil:
			*f = Follower{}
		default:
			f.Told = now
		}
	}
}
