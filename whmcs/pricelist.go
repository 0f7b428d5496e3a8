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

// NewPriceList is of these products; a reading serves until it is that old. It contacts nobody.
func NewPriceList(client *Client, age time.Duration, products ...int) *PriceList {
	return &PriceList{client: client, products: products, age: age, now: time.Now}
}

// Offers are the products of the list as WHMCS sells them; one that it does not have is missing.
func (p *PriceList) Offers(ctx context.Context) ([]Offer, error) {
	if len(p.products) == 0 {
		return nil, nil // no id would read all
	}
	return p.offers.get(p, func() ([]Offer, error) { return p.client.Offers(ctx, p.products...) })
}

// Currencies are those of [Client.Currencies].
func (p *PriceList) Currencies(ctx context.Context) ([]Currency, error) {
	return p.currencies.get(p, func() ([]Currency, error) { return p.client.Currencies(ctx) })
}

// PaymentMethods are those of [Client.PaymentMethods].
func (p *PriceList) PaymentMethods(ctx context.Context) ([]PaymentMethod, error) {
	return p.methods.get(p, func() ([]PaymentMethod, error) { return p.client.PaymentMethods(ctx) })
}

// Doubt has the next caller ask WHMCS again, because it has said something else than the list. Readings
// younger than that stay: a crowd with the same doubt asks once. It tells whether anything was dropped.
func (p *PriceList) Doubt(younger time.Duration) bool {
	limit := p.now().Add(-younger)
	dropped := p.offers.drop(limit)
	dropped = p.currencies.drop(limit) || dropped
	return p.methods.drop(limit) || dropped
}

// kept is one reading. A failure is not kept: whoever waited for it asks anew.
type kept[T any] struct {
	mu    sync.Mutex
	value T
	at    time.Time
}

func (k *kept[T]) get(p *PriceList, read func() (T, error)) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.at.IsZero() && p.now().Sub(k.at) < p.age {
		return k.value, nil
	}
	began := p.now()
	value, err := read()
	if err == nil {
		k.value, k.at = value, began
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
