package control

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"metalease/internal/clean"
	"metalease/internal/config"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

// What callers of carts tell apart.
var (
	ErrUnknownCart = errors.New("there is no such cart")
	// ErrOtherCart is another body under the same Idempotency-Key.
	ErrOtherCart = errors.New("this Idempotency-Key was used for another cart")
	// ErrCartEnded is a cart that can be neither paid nor cancelled any more.
	ErrCartEnded = errors.New("the cart has ended")
	// ErrCartPaid is a cart that cannot be cancelled because it is paid.
	ErrCartPaid = errors.New("the cart is paid: terminate its services instead")
)

// memoCartHash is the memo in which a cart keeps the digest of the body that started it.
const memoCartHash = "cart-hash"

// referenceLimit is of what a shop calls its cart, in the summary, in characters: escaped, it still fits.
const referenceLimit = 100

// ReadCart reads the JSON of a cart strictly. Errors: ErrNotJSON, [Invalid] with every bad field.
func ReadCart(text []byte, s config.Shop) (shop.Request, error) {
	var request shop.Request
	read, err := readStrictly(text, &request)
	if err != nil {
		return request, err
	}
	faults := read.unread
	servers := 0
	for _, item := range request.Items {
		servers += max(1, item.Quantity)
	}
	judged := request.Faults()
	if servers > s.MaxQuantity {
		judged = append(judged, shop.Fault{Field: "items", Reason: fmt.Sprintf("are %d servers together; a cart of this shop has at most %d", servers, s.MaxQuantity)})
	}
	for _, p := range judged {
		if !slices.ContainsFunc(faults, func(f api.FieldError) bool { return f.Field == p.Field }) {
			faults = append(faults, api.FieldError(p))
		}
	}
	for _, name := range read.unknown {
		faults = append(faults, api.FieldError{Field: name, Reason: "is not a field of a cart"})
	}
	if len(faults) > 0 {
		return request, &Invalid{faults}
	}
	return request, nil
}

// CartID is the id of the cart that a shop's Idempotency-Key names: the same key, the same cart.
func (c *Control) CartID(shopName, key string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{c.config.Installation, shopName, key}, "\x00")))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:13]))
}

// StartCart starts the cart of that key, and waits until it is open or has failed. Started is false for
// one that there was already. A cart that was started is never an error: without a worker it is checking.
// Errors: ErrOtherCart.
func (c *Control) StartCart(ctx context.Context, s config.Shop, key string, request shop.Request, wait time.Duration) (cart shop.Cart, started bool, err error) {
	id := c.CartID(s.Name, key)
	text, err := json.Marshal(request)
	if err != nil {
		return shop.Cart{}, false, err
	}
	sum := sha256.Sum256(text)
	sent := hex.EncodeToString(sum[:])
	start := shop.Start{CartID: id, Shop: s.Name, Digest: sent, Request: request, Terms: terms(s, request), Settings: Settings(c.config.Timing)}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	limited, stop := context.WithTimeout(ctx, max(callTimeout, wait)) // a busy engine takes it while its visitor waits
	defer stop()
	_, err = c.temporal.ExecuteWorkflow(limited, client.StartWorkflowOptions{
		ID: shop.WorkflowID(id), TaskQueue: api.QueueWorkflows,
		WorkflowIDReusePolicy:                    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy:                 enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		Memo:                                     map[string]any{memoCartHash: sent, shop.MemoCart: start.Cart(time.Time{})},
		StaticSummary:                            cutBytes(fmt.Sprintf("cart of shop %s, %s", s.Name, clean.Markdown(request.Reference, referenceLimit)), summaryLimit),
	}, shop.TypeCart, start)
	there := temporal.IsWorkflowExecutionAlreadyStartedError(err)
	known, unread := c.readCart(ctx, id) // also when the answer of the start was lost: it may be there
	switch {
	case err == nil && unread != nil:
		known.cart = start.Cart(time.Now().UTC())
	case there && unread != nil:
		return shop.Cart{}, false, unread
	case unread != nil:
		return shop.Cart{}, false, err
	case known.digest != sent:
		return shop.Cart{}, false, ErrOtherCart
	}
	return c.watchCart(waiting, known, func(cart shop.Cart) bool { return cart.State != shop.StateChecking }), !there, nil
}

func terms(s config.Shop, r shop.Request) shop.Terms {
	hold := s.Hold
	if asked := time.Duration(r.ExpiresIn); asked > 0 {
		hold = min(hold, asked)
	}
	return shop.Terms{
		Hold: api.Duration(hold), MostHeld: s.MaxHeld, MostHeldByVisitor: s.MaxHeldPerVisitor,
		CancelExpired: s.CancelExpired, Webhook: s.Webhook.URL != "",
	}
}

// CancelCart cancels the unpaid order of a cart and frees its stock, and waits for that. Errors:
// ErrUnknownCart, ErrCartEnded, ErrCartPaid.
func (c *Control) CancelCart(ctx context.Context, shopName, id, reason string, wait time.Duration) (shop.Cart, error) {
	known, err := c.cartOf(ctx, shopName, id)
	switch {
	case err != nil:
		return shop.Cart{}, err
	case known.cart.State == shop.StatePaid:
		return known.cart, ErrCartPaid
	case known.cart.State == shop.StateCancelled:
		return known.cart, nil // a repeat
	case known.closed:
		return known.cart, ErrCartEnded
	}
	err = c.send(ctx, shop.WorkflowID(id), shop.SignalCancel, reason)
	switch {
	case isNotFound(err):
		return known.cart, ErrCartEnded
	case err != nil:
		return known.cart, err
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	after := c.watchCart(waiting, known, func(cart shop.Cart) bool {
		return cart.State == shop.StateCancelled || cart.State == shop.StatePaid || cart.State == shop.StateFailed
	})
	if after.State == shop.StatePaid {
		return after, ErrCartPaid
	}
	return after, nil
}

// ReplayEvents sends a shop again what it did not take: one event by its id, or all of a cart. It returns
// how many are on their way. Errors: ErrUnknownCart, ErrCartEnded.
func (c *Control) ReplayEvents(ctx context.Context, id, event string) (int, error) {
	known, err := c.cartOf(ctx, "", id)
	if err != nil {
		return 0, err
	}
	count := 0
	for _, kept := range known.cart.Undelivered {
		if event == "" || kept.ID == event {
			count++
		}
	}
	if count == 0 {
		return 0, nil
	}
	err = c.send(ctx, shop.WorkflowID(id), shop.SignalReplay, event)
	if isNotFound(err) {
		return 0, ErrCartEnded
	}
	return count, err
}
