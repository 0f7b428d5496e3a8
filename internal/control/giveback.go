package control

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/client"

	"metalease/workflows/api/fleet"
)

// lookEach is how often a run that is waited for is asked whether its server rests.
const lookEach = 2 * time.Second

// awaitGiveBack waits for the result of a run that may give a server back to stock. It waits no
// longer when the server is kept out of stock for a while: until is the end of that then.
func (c *Control) awaitGiveBack(ctx context.Context, run client.WorkflowRun, result any) (until time.Time, err error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- run.Get(ctx, result) }()
	look := time.NewTicker(lookEach)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			cancel()
			return time.Time{}, err
		case <-look.C:
		}
		until := c.restOf(ctx, run)
		if until.IsZero() {
			continue
		}
		cancel()
		return until, <-ended // it writes to result until then
	}
}

// restOf is until when the server of a run rests; zero when it does not, or when nobody answers.
func (c *Control) restOf(ctx context.Context, run client.WorkflowRun) (until time.Time) {
	if c.query(ctx, run.GetID(), fleet.QueryRest, &until) != nil {
		return time.Time{}
	}
	return until
}

// stillGoing says that what was begun goes on, and what it waits for.
func (c *Control) stillGoing(ctx context.Context, what error, id string, rests time.Time) error {
	if rests.IsZero() {
		return fmt.Errorf("%w: see workflow %s%s", what, id, c.repairTrouble(ctx, id))
	}
	return fmt.Errorf("%w: the server rests until %s before it is stock again; see workflow %s", what, rests.UTC().Format("2006-01-02 15:04 UTC"), id)
}
