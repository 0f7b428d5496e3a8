package cart

import (
	"reflect"

	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api/shop"
)

// publishChanges keeps the memo as the cart is, in a coroutine of its own: with the task that changes the
// cart it is written, and whoever reads it needs no worker.
func (c *cart) publishChanges() {
	workflow.GoNamed(c.run.Ctx, "memo", func(ctx workflow.Context) {
		for {
			_ = workflow.Await(ctx, c.changed)
			c.publish()
		}
	})
}

func (c *cart) changed() bool {
	return c.published == nil || c.publishedClosed != c.s.Closed || !reflect.DeepEqual(*c.published, c.s.view())
}

func (c *cart) publish() {
	if !c.changed() {
		return
	}
	view := c.s.view()
	c.published, c.publishedClosed = &view, c.s.Closed
	if err := workflow.UpsertMemo(c.run.Ctx, map[string]any{shop.MemoCart: view, shop.MemoClosed: c.s.Closed}); err != nil {
		workflow.GetLogger(c.run.Ctx).Error("the memo could not be written", "error", err)
	}
}
