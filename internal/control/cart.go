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
	"go.temporal.io/sdk/converter"
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

// Memos of a cart's workflow.
const (
	memoCart = "cart-hash"
	memoShop = "shop"
)

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
// one that there was already. Errors: ErrOtherCart; ErrWorkerUnavailable when nobody can tell yet.
func (c *Control) StartCart(ctx context.Context, s config.Shop, key string, request shop.Request, wait time.Duration) (cart shop.Cart, started bool, err error) {
	id := c.CartID(s.Name, key)
	text, err := json.Marshal(request)
	if err != nil {
		return shop.Cart{}, false, err
	}
	sum := sha256.Sum256(text)
	sent := hex.EncodeToString(sum[:])
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = c.temporal.ExecuteWorkflow(limited, client.StartWorkflowOptions{
		ID: shop.WorkflowID(id), TaskQueue: api.QueueWorkflows,
		WorkflowIDReusePolicy:                    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy:                 enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		Memo:                                     map[string]any{memoCart: sent, memoShop: s.Name},
		StaticSummary:                            cutBytes(fmt.Sprintf("cart of shop %s, %s", s.Name, clean.Markdown(request.Reference, referenceLimit)), summaryLimit),
	}, shop.TypeCart, shop.Start{
		CartID: id, Shop: s.Name, Digest: sent, Request: request, Terms: terms(s, request), Settings: Settings(c.config.Timing),
	})
	switch {
	case temporal.IsWorkflowExecutionAlreadyStartedError(err):
		before, _, err := c.cartMemo(ctx, id)
		if err != nil {
			return shop.Cart{}, false, err
		}
		if before != sent {
			return shop.Cart{}, false, ErrOtherCart
		}
	case err != nil:
		return shop.Cart{}, false, err
	default:
		started = true
	}
	cart, err = c.watchCart(ctx, id, wait, func(cart shop.Cart) bool { return cart.State != shop.StateChecking })
	return cart, started, err
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

// cartMemo tells the digest with which a cart was started, and whose it is.
func (c *Control) cartMemo(ctx context.Context, id string) (sent, shopName string, err error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	there, err := c.temporal.DescribeWorkflowExecution(limited, shop.WorkflowID(id), "")
	if isNotFound(err) {
		return "", "", ErrUnknownCart
	}
	if err != nil {
		return "", "", err
	}
	memo := there.GetWorkflowExecutionInfo().GetMemo().GetFields()
	for name, into := range map[string]*string{memoCart: &sent, memoShop: &shopName} {
		if payload := memo[name]; payload != nil {
			if err := converter.GetDefaultDataConverter().FromPayload(payload, into); err != nil {
				return "", "", err
			}
		}
	}
	return sent, shopName, nil
}

// Cart is a cart of that shop; an empty shop is any. With a wait it is the cart as soon as it differs from
// what it was. Errors: ErrUnknownCart, also for another shop's; ErrWorkerUnavailable.
func (c *Control) Cart(ctx context.Context, shopName, id string, wait time.Duration) (shop.Cart, error) {
	if err := c.cartOf(ctx, shopName, id); err != nil {
		return shop.Cart{}, err
	}
	var first shop.Cart
	cart, err := c.watchCart(ctx, id, wait, func(cart shop.Cart) bool {
		if first.ID == "" {
			first = cart
		}
		return cart.State != first.State || !cart.UpdatedAt.Equal(first.UpdatedAt)
	})
	return cart, err
}

func (c *Control) cartOf(ctx context.Context, shopName, id string) error {
	if len(id) > api.LimitID || id == "" {
		return ErrUnknownCart
	}
	_, owner, err := c.cartMemo(ctx, id)
	if err == nil && shopName != "" && owner != shopName {
		return ErrUnknownCart
	}
	return err
}

// watchCart asks for a cart until it is as wanted, or the wait is over.
func (c *Control) watchCart(ctx context.Context, id string, wait time.Duration, enough func(shop.Cart) bool) (cart shop.Cart, err error) {
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for pause := firstPoll; ; pause = min(pause*3/2, lastPoll) {
		var now shop.Cart
		if err = c.query(ctx, shop.WorkflowID(id), shop.QueryCart, &now); err == nil {
			if cart = now; enough(cart) {
				break
			}
		}
		if sleep(waiting, pause); waiting.Err() != nil {
			break
		}
	}
	if cart.ID == "" {
		if errors.Is(err, ErrUnknownService) {
			err = ErrUnknownCart
		}
		return cart, err
	}
	return c.withProgress(ctx, cart), nil
}

// withProgress adds the step at which a service is built. What nobody can tell now stays as the cart
// knows it.
func (c *Control) withProgress(ctx context.Context, cart shop.Cart) shop.Cart {
	for i, s := range cart.Services {
		building := s.Phase == "" && cart.State == shop.StatePaid || s.Phase == api.PhasePending || s.Phase == api.PhaseWaiting
		var status api.Status
		if building && c.query(ctx, api.ServiceWorkflowID(s.ServiceID), api.QueryStatus, &status) == nil {
			cart.Services[i] = shop.Service{ServiceID: s.ServiceID, Phase: status.Phase, Step: status.Step, IP: s.IP}
			if status.Server != nil {
				cart.Services[i].IP = status.Server.IP
			}
		}
	}
	return cart
}

// CancelCart cancels the unpaid order of a cart and frees its stock, and waits for that. Errors:
// ErrUnknownCart, ErrCartEnded, ErrCartPaid.
func (c *Control) CancelCart(ctx context.Context, shopName, id, reason string, wait time.Duration) (shop.Cart, error) {
	if err := c.cartOf(ctx, shopName, id); err != nil {
		return shop.Cart{}, err
	}
	before, err := c.watchCart(ctx, id, 0, func(shop.Cart) bool { return true })
	switch {
	case err != nil && !errors.Is(err, ErrWorkerUnavailable):
		return before, err
	case before.State == shop.StatePaid:
		return before, ErrCartPaid
	case before.State == shop.StateCancelled:
		return before, nil // a repeat
	}
	err = c.send(ctx, shop.WorkflowID(id), shop.SignalCancel, reason)
	switch {
	case isNotFound(err):
		return before, ErrCartEnded
	case err != nil:
		return before, err
	}
	after, err := c.watchCart(ctx, id, wait, func(cart shop.Cart) bool {
		return cart.State == shop.StateCancelled || cart.State == shop.StatePaid || cart.State == shop.StateFailed
	})
	if err == nil && after.State == shop.StatePaid {
		return after, ErrCartPaid
	}
	return after, err
}

// ReplayEvents sends a shop again what it did not take: one event by its id, or all of a cart. It returns
// how many are on their way. Errors: ErrUnknownCart, ErrCartEnded.
func (c *Control) ReplayEvents(ctx context.Context, id, event string) (int, error) {
	cart, err := c.Cart(ctx, "", id, 0)
	if err != nil {
		return 0, err
	}
	count := 0
	for _, kept := range cart.Undelivered {
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
