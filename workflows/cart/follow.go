package cart

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/workflows/api"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// Pauses between two questions to a lifecycle that has not answered: it begins when WHMCS has told the
// gateway of the payment.
const (
	firstAsk = 5 * time.Second
	lastAsk  = time.Hour
	// askFor is how long a service without a lifecycle is asked for; the comparison of the panel
	// reports it long before.
	askFor = 30 * 24 * time.Hour
)

// follow has the lifecycles of the services tell this cart of their phases. True is when nothing more
// can come.
func (c *cart) follow() (over bool) {
	if c.served() {
		c.free()
	}
	silent := c.silent()
	if len(silent) == 0 {
		c.awaitServices(func() bool { return c.released() || c.served() || c.s.Cancel != "" || c.s.Asked || c.run.Full() })
	} else {
		if c.now().After(c.s.Cart.UpdatedAt.Add(askFor)) {
			c.run.Notice("these services were paid and never begun: " + strings.Trim(fmt.Sprint(silent), "[]"))
			return true
		}
		c.askLifecycles(silent)
		pause := min(lastAsk, max(firstAsk, c.now().Sub(c.s.Cart.UpdatedAt)))
		if !c.run.AwaitUntil(c.now().Add(pause), "ask the services again", func() bool {
			return len(c.silent()) == 0 || c.served() || c.s.Cancel != "" || c.run.Full()
		}) && pause >= pollOpen {
			c.repeatHold()
		}
	}
	if c.s.Cancel != "" {
		c.run.Notice("not cancelled (" + c.s.Cancel + "): the order is paid; terminate its services instead")
		c.s.Cancel = ""
	}
	c.s.Asked = false
	return c.released()
}

// awaitServices waits for the services. While stock is held for them, their allocators are told of it
// again, ever more rarely: one that was lost has forgotten it.
func (c *cart) awaitServices(enough func() bool) {
	if len(c.s.Holds) == 0 {
		c.run.Await(enough)
		return
	}
	pause := min(lastAsk, max(pollOpen, c.now().Sub(c.s.Cart.UpdatedAt)))
	if !c.run.AwaitUntil(c.now().Add(pause), "tell the allocators of the hold again", enough) {
		c.repeatHold()
	}
}

// repeatHold tells the allocators of a hold that has not ended.
func (c *cart) repeatHold() {
	if until := c.s.Cart.HoldExpiresAt; len(c.s.Holds) > 0 && until != nil && c.now().Before(*until) {
		c.tellAllocators(*until)
	}
}

// silent are the services whose lifecycle has not answered.
func (c *cart) silent() []int {
	var silent []int
	for _, s := range c.s.Cart.Services {
		if !slices.Contains(c.s.Followed, s.ServiceID) {
			silent = append(silent, s.ServiceID)
		}
	}
	return silent
}

func (c *cart) askLifecycles(services []int) {
	for _, service := range services {
		c.run.Post(entity.Letter{To: api.ServiceWorkflowID(service), Signal: message.SignalFollow, Input: c.s.CartID})
	}
	c.s.AskedAt = c.now()
	c.run.Flush()
}

// served tells whether stock is held that no service of the cart needs any more.
func (c *cart) served() bool {
	return len(c.s.Holds) > 0 && !slices.ContainsFunc(c.s.Cart.Services, func(s shop.Service) bool {
		return s.IP == "" && (s.Phase == "" || s.Phase == api.PhasePending || s.Phase == api.PhaseWaiting || s.Phase == api.PhaseAttention)
	})
}

// released tells whether every service of the cart is over.
func (c *cart) released() bool {
	return len(c.silent()) == 0 && !slices.ContainsFunc(c.s.Cart.Services, func(s shop.Service) bool { return s.Phase != api.PhaseReleased })
}
