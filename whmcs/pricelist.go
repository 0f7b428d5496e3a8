package whmcs

import (
	"context"
	"sync"
	"time"
)

// PriceList is what WHMCS sells, for what, and how it may be paid: one reading that all callers of a
// process share while it is young. Who comes while WHMCS is asked waits for that one answer. It is safe
// for concurrent use.
type PriceList struct {
	client   *Client
	products []int
	age      time.Duration
	now      func() time.Time

	offers     kept[[]Offer]
	currencies kept[[]Currency]
	methods    kept[[]PaymentMethod]
}

// NewPriceList is of these products; a reading serves until it is that old by that clock. It contacts nobody.
func NewPriceList(client *Client, age time.Duration, now func() time.Time, products ...int) *PriceList {
	return &PriceList{client: client, products: products, age: age, now: now}
}

// Offers are the products of the list as WHMCS sells them; one that it does not have is missing.
func (p *PriceList) Offers(ctx context.Context) ([]Offer, error) {
	return p.offers.get(ctx, p, p.readOffers)
}

// OffersToShow are the Offers for those who only look: an older reading serves while WHMCS does not answer,
// and one failure is told to all who come soon after it. A caller who goes away does not end the reading,
// for others wait for it.
func (p *PriceList) OffersToShow(ctx context.Context) ([]Offer, error) {
	return p.offers.getOrOlder(ctx, p, p.readOffers)
}

func (p *PriceList) readOffers(ctx context.Context) ([]Offer, error) {
	if len(p.products) == 0 {
		return nil, nil // no id would read all
	}
	return p.client.Offers(ctx, p.products...)
}

// Currencies are those of [Client.Currencies].
func (p *PriceList) Currencies(ctx context.Context) ([]Currency, error) {
	return p.currencies.get(ctx, p, p.client.Currencies)
}

// PaymentMethods are those of [Client.PaymentMethods].
func (p *PriceList) PaymentMethods(ctx context.Context) ([]PaymentMethod, error) {
	return p.methods.get(ctx, p, p.client.PaymentMethods)
}

// Doubt has the next caller ask WHMCS again, because it has said something else than the list. Readings
// younger than that stay: a crowd with the same doubt asks once. It tells whether anything was dropped.
func (p *PriceList) Doubt(younger time.Duration) bool {
	limit := p.now().Add(-younger)
	dropped := p.offers.drop(limit)
	dropped = p.currencies.drop(limit) || dropped
	return p.methods.drop(limit) || dropped
}

// kept is one reading. For those who decide by it a failure is not kept: whoever waited for it asks anew.
type kept[T any] struct {
	mu    sync.Mutex
	value T
	// at is when the reading began; zero when there is none that serves. There is an older one, for those
	// who only look, when there is true.
	at    time.Time
	there bool
	// failed is what those who only look are told until then; nil: the older reading.
	failed      error
	failedUntil time.Time
}

func (k *kept[T]) get(ctx context.Context, p *PriceList, read func(context.Context) (T, error)) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.serves(p) {
		return k.value, nil
	}
	return k.read(ctx, p, read)
}

// Limits of a reading for those who only look: with an older one they wait for patience at most, and it
// serves for olderServes then; without one they wait longer, and a failure stands for failureStands.
const (
	patience      = 5 * time.Second
	olderServes   = 30 * time.Second
	firstTry      = 20 * time.Second
	failureStands = 3 * time.Second
)

func (k *kept[T]) getOrOlder(ctx context.Context, p *PriceList, read func(context.Context) (T, error)) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.serves(p):
		return k.value, nil
	case p.now().Before(k.failedUntil):
		return k.value, k.failed
	}
	limit, stands := firstTry, failureStands
	if k.there {
		limit, stands = patience, olderServes
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	value, err := k.read(limited, p, read)
	if err == nil {
		return value, nil
	}
	if k.failedUntil = p.now().Add(stands); !k.there {
		k.failed = err
	}
	return k.value, k.failed
}

func (k *kept[T]) serves(p *PriceList) bool { return !k.at.IsZero() && p.now().Sub(k.at) < p.age }

func (k *kept[T]) read(ctx context.Context, p *PriceList, read func(context.Context) (T, error)) (T, error) {
	began := p.now()
	value, err := read(ctx)
	if err == nil {
		k.value, k.at, k.there, k.failed = value, began, true, nil
	}
	return value, err
}

func (k *kept[T]) drop(olderThan time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.at.IsZero() || k.at.After(olderThan) {
		return false
	}
	k.at = time.Time{}
	return true
}
