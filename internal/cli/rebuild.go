package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"metalease/activities/drift"
	onpanel "metalease/activities/panel"
	"metalease/internal/control"
	"metalease/workflows/api"
)

// takeUpsAtOnce are services whose lifecycles begin at the same time: each reads its own server.
const takeUpsAtOnce = 8

// rebuilt is the answer of adopt --from-marks.
type rebuilt struct {
	Services []adopted `json:"services"`
	// Wrong is what a person has to decide.
	Wrong []wrong `json:"wrong"`
	// Unread are services whose order cannot be read from WHMCS. They are begun without it.
	Unread []unread `json:"unread"`
	// Quarantined and Foreign count the servers that were left alone.
	Quarantined int `json:"quarantined"`
	Foreign     int `json:"foreign"`
}

type wrong struct {
	Panel string `json:"panel,omitempty"`
	drift.Drift
}

type unread struct {
	ServiceID int    `json:"service_id"`
	Why       string `json:"why"`
}

// rebuild begins all lifecycles anew from the marks on the panels.
func (c *commandLine) rebuild(ctx context.Context, o adoptOptions) error {
	ctl, names, done, err := c.openPanels(ctx, o.panel)
	if err != nil {
		return err
	}
	defer done()
	found, err := ctl.Rebuild(ctx, names, func(panel string, read, all int) {
		_, _ = fmt.Fprintf(c.Err, "panel %s: read %d of %d records\n", panel, read, all)
	})
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w; nothing was begun", errInterrupted)
	case err != nil:
		return err
	}
	answer := rebuilt{Services: []adopted{}, Wrong: []wrong{}, Unread: []unread{}, Quarantined: found.Quarantined, Foreign: found.Foreign}
	for _, w := range found.Wrong {
		answer.Wrong = append(answer.Wrong, wrong{w.Panel, w.Drift})
	}
	for _, id := range slices.Sorted(maps.Keys(found.Unread)) {
		answer.Unread = append(answer.Unread, unread{id, found.Unread[id]})
	}
	var left int
	answer.Services, left = c.takeUp(ctx, ctl, found, o.dry)
	err = c.reportRebuilt(answer, o.dry)
	if left > 0 {
		return errors.Join(err, fmt.Errorf("%w; %d of %d services were not begun: the same command goes on", errInterrupted, left, len(found.Taken)))
	}
	return err
}

// takeUp begins the lifecycles; left are those that an interrupt has kept from it.
func (c *commandLine) takeUp(ctx context.Context, ctl *control.Control, found control.Rebuilt, dry bool) (rows []adopted, left int) {
	all := make([]*adopted, len(found.Taken))
	var mu sync.Mutex
	ready, tell := 0, c.progress("begun")
	var working errgroup.Group
	working.SetLimit(takeUpsAtOnce)
	for i, t := range found.Taken {
		if ctx.Err() != nil {
			break
		}
		working.Go(func() error {
			row := c.takeUpOne(ctx, ctl, found, t, dry)
			mu.Lock()
			defer mu.Unlock()
			all[i] = &row
			if ready++; !dry {
				tell(ready, len(found.Taken))
			}
			return nil
		})
	}
	_ = working.Wait() // each has its own row
	rows = []adopted{}
	for _, row := range all {
		if row != nil {
			rows = append(rows, *row)
		}
	}
	return rows, len(all) - len(rows)
}

func (c *commandLine) takeUpOne(ctx context.Context, ctl *control.Control, found control.Rebuilt, t drift.Taken, dry bool) adopted {
	row := adopted{Panel: t.Panel, Adoption: onpanel.Adoption{
		ServiceID: t.ID, ClientID: t.ClientID, OrderID: t.OrderID, Package: t.Server.Package(), Account: t.Account,
		Server: onpanel.Server{ID: t.Server.ID, Label: t.Server.Label, Hostname: t.Server.Hostname, IP: t.Server.IP},
		Status: string(t.Status), Reason: t.Reason, Blocked: t.Server.Blocked, Marked: true,
	}}
	switch {
	case t.Way == drift.WayNone:
		row.Outcome = "runs already"
		return row
	case dry:
		row.Outcome = would(t.Way, row.Adoption)
		return row
	}
	var order *api.Order
	if o, there := found.Orders[t.ID]; there {
		order = &o
	}
	started, err := ctl.TakeUp(ctx, t, order)
	if t.Way == drift.WayBuild && started {
		row.Outcome = "goes on being built"
		return row
	}
	row.await(ctx, ctl, started, err)
	return row
}

// reportRebuilt says what was taken up, and what a person has to do.
func (c *commandLine) reportRebuilt(r rebuilt, dry bool) error {
	failed := 0
	rows := [][]string{adoptHeads}
	for _, s := range r.Services {
		if s.failed {
			failed++
		}
		rows = append(rows, s.cells())
	}
	for _, w := range r.Wrong {
		row := adopted{Adoption: onpanel.Adoption{ServiceID: w.ServiceID, ClientID: w.ClientID, Server: onpanel.Server{ID: w.ServerID}}, Outcome: w.What}
		what := remedy(w.Drift)
		if w.Repair != "" {
			what += ": starter drift repair " + w.ID + " --now"
		}
		rows = append(rows, row.cells(), []string{"", "", "", "", "", "", "  " + what})
	}
	for _, u := range r.Unread {
		rows = append(rows, []string{strconv.Itoa(u.ServiceID), none, none, none, none, none, "its order cannot be read from WHMCS: " + u.Why})
		if dry {
			rows = append(rows, []string{"", "", "", "", "", "", "  it would go on without it, with the configuration's grace period"})
			continue
		}
		// By force, which leaves the mark where it is: a detach would take it off the server, and nothing could be rebuilt from it.
		rows = append(rows, []string{"", "", "", "", "", "", fmt.Sprintf("  it goes on without it, with the configuration's grace period. Once WHMCS is right: "+
			"temporal workflow terminate --workflow-id %s, and the same command again", api.ServiceWorkflowID(u.ServiceID))})
	}
	var err error
	switch {
	case c.asJSON:
		err = c.print(r)
	case len(rows) == 1:
		err = c.say("no server carries a mark of this installation")
	default:
		err = c.table(rows)
	}
	_, _ = fmt.Fprintln(c.Err, r.summary(failed))
	if err != nil || dry {
		return err
	}
	var left []error
	if n := failed + len(r.Wrong); n > 0 {
		left = append(left, fmt.Errorf("%d need a person", n))
	}
	if n := len(r.Unread); n > 0 {
		left = append(left, fmt.Errorf("%d without their order", n))
	}
	return errors.Join(left...)
}

func (r rebuilt) summary(failed int) string {
	words := []string{fmt.Sprintf("services whose server carries their mark: %d", len(r.Services)), fmt.Sprintf("need a person: %d", failed+len(r.Wrong))}
	if len(r.Unread) > 0 {
		words = append(words, fmt.Sprintf("orders that cannot be read from WHMCS: %d", len(r.Unread)))
	}
	if r.Quarantined+r.Foreign > 0 {
		words = append(words, fmt.Sprintf("left alone: %d in quarantine, %d marked for other installations", r.Quarantined, r.Foreign))
	}
	return strings.Join(words, "; ")
}

// would says what becomes of a service.
func would(way drift.Way, a onpanel.Adoption) string {
	switch way {
	case drift.WayBuild:
		return "would go on being built"
	case drift.WayRelease:
		return "would go on being released"
	default:
		return wouldBe(a)
	}
}
