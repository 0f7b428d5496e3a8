package whmcs

import (
	"context"
	"errors"
	"slices"
)

// ProductsPage is where our module says what GetProducts does not: whether WHMCS hides or has retired a
// product. AddOrder leaves out what is retired without a word (docs/whmcs-api.md 1.6, W22).
const ProductsPage = "/modules/servers/metalease/products.php"

// shelf is what the page says of a product.
type shelf struct {
	ID      int  `json:"id"`
	Hidden  bool `json:"hidden"`
	Retired bool `json:"retired"`
}

// putOnShelves tells the offers what our module says of them. A module without the page, and one whose secret
// we do not have, tell nothing: the offers stay as GetProducts has them.
func (c *Client) putOnShelves(ctx context.Context, offers []Offer) error {
	if c.config.ModuleSecret == "" {
		return nil
	}
	for some := range slices.Chunk(offers, 500) {
		var ids []int
		for _, o := range some {
			ids = append(ids, o.ID)
		}
		var answer struct {
			Products table[shelf] `json:"products"`
		}
		err := c.askPage(ctx, ProductsPage, map[string]any{"products": ids}, &answer)
		if errors.Is(err, ErrUnknownAction) || errors.Is(err, ErrCredentials) {
			return nil
		}
		if err != nil {
			return err
		}
		rows, err := rowsOf(c, ProductsPage, answer.Products)
		if err != nil {
			return err
		}
		for i := range some {
			if j := slices.IndexFunc(rows, func(s shelf) bool { return s.ID == some[i].ID }); j >= 0 {
				some[i].Hidden, some[i].Retired = rows[j].Hidden, rows[j].Retired
			}
		}
	}
	return nil
}
