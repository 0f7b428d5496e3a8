package control

import "time"

// Patient gives workers longer to answer: a machine that runs many tests is slow, which is not what they are about.
func (c *Control) Patient(patience time.Duration) *Control {
	c.patience = patience
	return c
}
