package control

import "time"

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
