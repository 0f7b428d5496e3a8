package inventory

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"metalease/internal/clean"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// hold is stock of one package that is kept for a cart. A waiter who is one of its services takes a
// server of it, ahead of the queue; nobody else does.
type hold struct {
	message.Hold
	// Held is false until a look at the panel has shown that there is as much.
	Held bool `json:"held,omitempty"`
	// Served are those of its services that have their server.
	Served []int `json:"served,omitempty"`
}

// Limits of a hold. A shop has its own, far below.
const (
	holdLimit    = 20
	longestHold  = 7 * 24 * time.Hour
	keepHolds    = 150
	visitorLimit = 50
)

// open counts the servers that the cart still needs.
func (h hold) open() int { return max(0, h.Count-len(h.Served)) }

// left counts the servers that the hold still keeps.
func (h hold) left() int {
	if !h.Held {
		return 0
	}
	return h.open()
}

// has tells whether the hold keeps a server for that service.
func (h hold) has(service int) bool {
	return h.left() > 0 && slices.Contains(h.Services, service) && !slices.Contains(h.Served, service)
}

// holdOf is the hold that keeps a server for a service; -1 is none.
func holdOf(holds []hold, w waiter) int {
	return slices.IndexFunc(holds, func(h hold) bool { return h.Package == w.Package && h.has(w.ServiceID) })
}

// holdStock notes a hold: the next look at the panel decides. One that is known already gets the new end
// and the services of its order; it never grows. A service that has its server needs none of it: it may
// have asked before the cart could name it, and been served while the cart learned of its payment.
func (a *allocator) holdStock(in message.Hold) error {
	if in.CartID == "" || !clean.FitsJSON(in.CartID, runLimit) || !clean.FitsJSON(in.Shop, runLimit) || !clean.FitsJSON(in.Visitor, visitorLimit) ||
		in.Package == "" || !clean.FitsJSON(in.Package, packageLimit) {
		return errors.New("the hold names no cart and package")
	}
	if in.Count < 1 || in.Count > holdLimit || len(in.Services) > holdLimit {
		return fmt.Errorf("a hold is of 1 to %d servers, not of %d", holdLimit, in.Count)
	}
	if latest := a.now().Add(longestHold); in.Until.After(latest) {
		in.Until = latest
	}
	i := slices.IndexFunc(a.in.Holds, func(h hold) bool { return h.CartID == in.CartID && h.Package == in.Package })
	if i >= 0 {
		known := &a.in.Holds[i]
		known.Until, known.Services = in.Until, in.Services
		known.Served = a.servedOf(*known)
		if known.Held {
			a.tellHold(known.Hold, true, "")
		}
		a.tellAsked(known.Hold)
		a.dropHolds(func(h hold) bool { return h.CartID == in.CartID && h.Held && h.open() == 0 })
		return nil
	}
	added := hold{Hold: in}
	if added.Served = a.servedOf(added); added.open() == 0 {
		a.tellHold(in, true, "")
		a.tellAsked(in)
		return nil
	}
	if why := a.overBounds(in); why != "" {
		a.tellHold(in, false, why)
		return nil
	}
	a.in.Holds = append(a.in.Holds, added)
	a.tellAsked(in)
	a.in.Woken = true
	return nil
}

// servedOf are those services of a hold that have a server of its package.
func (a *allocator) servedOf(h hold) []int {
	served := h.Served
	for _, service := range h.Services {
		granted := slices.ContainsFunc(a.in.Answers, func(x answer) bool {
			return x.ServiceID == service && x.Signal == message.SignalGranted && x.Package == h.Package
		})
		if granted && !slices.Contains(served, service) {
			served = append(served, service)
		}
	}
	return served
}

// overBounds says which limit a new hold breaks; empty is none.
func (a *allocator) overBounds(in message.Hold) string {
	shops, visitors := in.Count, in.Count
	for _, h := range a.in.Holds {
		if h.Shop == in.Shop {
			shops += h.open()
		}
		if h.Shop == in.Shop && in.Visitor != "" && h.Visitor == in.Visitor {
			visitors += h.open()
		}
	}
	switch {
	case in.MostHeld > 0 && shops > in.MostHeld:
		return fmt.Sprintf("this shop may hold %d servers at a time: try again when other carts are paid or have expired", in.MostHeld)
	case in.MostHeldByVisitor > 0 && in.Visitor != "" && visitors > in.MostHeldByVisitor:
		return fmt.Sprintf("one visitor may hold %d servers at a time: pay for the other carts first, or let them expire", in.MostHeldByVisitor)
	case len(a.in.Holds) >= keepHolds:
		return "too many carts hold servers of this panel: try again in some minutes"
	}
	return ""
}

// freeStock ends the holds of a cart.
func (a *allocator) freeStock(cart string) error {
	a.dropHolds(func(h hold) bool { return h.CartID == cart })
	return nil
}

// dropHolds ends holds; those who wait may have what they kept.
func (a *allocator) dropHolds(which func(hold) bool) {
	before := len(a.in.Holds)
	a.in.Holds = slices.DeleteFunc(a.in.Holds, which)
	a.in.Woken = a.in.Woken || len(a.in.Holds) < before && len(a.in.Queue) > 0
}

// expireHolds ends those whose time is over.
func (a *allocator) expireHolds() {
	a.dropHolds(func(h hold) bool { return !a.now().Before(h.Until) })
}

// firstExpiry is when the next hold ends; zero is never.
func (a *allocator) firstExpiry() time.Time {
	if len(a.in.Holds) == 0 {
		return time.Time{}
	}
	return slices.MinFunc(a.in.Holds, func(x, y hold) int { return x.Until.Compare(y.Until) }).Until
}

// undecided tells whether a hold waits for a look at the panel.
func (a *allocator) undecided() bool {
	return slices.ContainsFunc(a.in.Holds, func(h hold) bool { return !h.Held })
}

// decideHolds gives each new hold what nobody else has a right to, or refuses it: all of it, or nothing. The
// panel was asked for as many candidates as the known holds could use: who came during the look, which may
// have taken long, finds none among them that proves anything, and has its turn in the next cycle.
func (a *allocator) decideHolds(known []hold, candidates map[string][]string, used map[string]bool) {
	refused := func(h *hold) bool {
		asked := slices.ContainsFunc(known, func(k hold) bool { return k.CartID == h.CartID && k.Package == h.Package })
		if h.Held || !asked {
			return false
		}
		free := slices.DeleteFunc(slices.Clone(candidates[h.Package]), func(id string) bool { return used[id] })
		if len(free) < h.open() {
			a.tellHold(h.Hold, false, fmt.Sprintf("%d of these are free, not %d", len(free), h.open()))
			return true
		}
		for _, id := range free[:h.open()] {
			used[id] = true
		}
		h.Held = true
		a.tellHold(h.Hold, true, "")
		return false
	}
	var kept []hold
	for _, h := range a.in.Holds {
		if !refused(&h) {
			kept = append(kept, h)
		}
	}
	a.in.Holds = kept
}

// refuseHolds refuses the new holds when the panel answers nobody.
func (a *allocator) refuseHolds(why string) {
	a.in.Holds = slices.DeleteFunc(a.in.Holds, func(h hold) bool {
		if !h.Held {
			a.tellHold(h.Hold, false, why)
		}
		return !h.Held
	})
}

// served notes that a service of a hold has its server. A hold with nothing left is over.
func (a *allocator) served(w waiter) {
	if i := holdOf(a.in.Holds, w); i >= 0 {
		a.in.Holds[i].Served = append(a.in.Holds[i].Served, w.ServiceID)
		a.in.Holds = slices.DeleteFunc(a.in.Holds, func(h hold) bool { return h.Held && h.left() == 0 })
	}
}

// heldOf counts what is held of a package.
func (a *allocator) heldOf(pkg string) int {
	held := 0
	for _, h := range a.in.Holds {
		if h.Package == pkg {
			held += h.left()
		}
	}
	return held
}

// tellHold answers a cart. One that has ended meanwhile holds nothing.
func (a *allocator) tellHold(h message.Hold, held bool, why string) {
	a.run.Post(entity.Letter{
		To: shop.WorkflowID(h.CartID), Signal: message.SignalHeld,
		Input: message.HoldReply{Panel: a.in.Panel, Package: h.Package, Held: held, Why: clean.CutJSON(why, whyLimit)},
		Lost:  func() { _ = a.freeStock(h.CartID) },
	})
}

// tellAsked tells a cart of those of its services that have asked already.
func (a *allocator) tellAsked(h message.Hold) {
	for _, service := range h.Services {
		if slices.ContainsFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == service }) ||
			slices.ContainsFunc(a.in.Answers, func(x answer) bool { return x.ServiceID == service }) {
			a.tellPaid(h.CartID, service)
		}
	}
}

// tellPaid tells a cart that a service of its order asks for a server: nothing but its payment leads to
// that. The cart reads its invoice also by itself, so the word may be lost.
func (a *allocator) tellPaid(cart string, service int) {
	a.run.Post(entity.Letter{To: shop.WorkflowID(cart), Signal: message.SignalAsked, Input: service})
}

// heldFor tells the cart of a service that asks.
func (a *allocator) heldFor(service int) {
	for _, h := range a.in.Holds {
		if slices.Contains(h.Services, service) {
			a.tellPaid(h.CartID, service)
		}
	}
}
