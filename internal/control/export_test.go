package control

import (
	"context"
	"time"
)

// Patient gives workers longer to answer: a machine that runs many tests is slow, which is not what they are about.
func (c *Control) Patient(patience time.Duration) *Control {
	c.patience = patience
	return c
}

// HurriedClicks gives a sign-on less time: what waits for nobody need not be waited for.
func (c *Control) HurriedClicks(patience time.Duration) *Control {
	c.clickPatience = patience
	return c
}

// HurriedSchedules gives a schedule less time to start what it was asked for.
func (c *Control) HurriedSchedules(patience time.Duration) *Control {
	c.startPatience = patience
	return c
}

// AgeAnswers makes all kept answers as old as is enough to ask workers again.
func (c *Control) AgeAnswers() {
	c.answers.mu.Lock()
	defer c.answers.mu.Unlock()
	for _, element := range c.answers.kept {
		element.Value.(*answer).at = time.Now().Add(-2 * answerLasts)
	}
}

// ReadOrders is the part of a rebuild that asks WHMCS for orders.
func (c *Control) ReadOrders(ctx context.Context, panel string, r *Rebuilt) error {
	return c.readOrders(ctx, panel, r)
}
