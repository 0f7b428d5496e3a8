package panel

import (
	"context"
	"time"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/dcim"
)

// Resale is what has to happen before a server that was taken back is stock again. Until
// then it belongs to the API account under its mark, so nobody is offered it.
type Resale struct {
	// Hold is how long it rests, blocked and off.
	Hold time.Duration `json:"hold,omitempty"`
	// Diagnose has the panel test its hardware first.
	Diagnose bool `json:"diagnose,omitempty"`
}

// Diagnose has the panel test a server that was taken back, and waits for the end of it.
// The test boots over the network, so the server is enabled before. Errors: NoDiagnostics,
// HardwareProblem, PanelPaused.
func (p *Panel) Diagnose(ctx context.Context, t Target) error {
	if err := p.permit(ctx, t, engine.DestroyStep); err != nil {
		return err
	}
	if err := p.unblock(ctx, t); err != nil {
		return err
	}
	if err := p.quiet(ctx, t); err != nil {
		return err
	}
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return err
	}
	if !server.Diagnostics { // an earlier attempt's may still run
		err := p.writeOurs(ctx, t, func(ctx context.Context) error { return p.backend.Diagnose(ctx, t.ServerID) })
		if err != nil {
			return err
		}
	}
	asked, seen := time.Now(), false
	return p.watch(ctx, t.ServerID, func(s dcim.Server) (bool, error) {
		seen = seen || s.Diagnostics
		switch {
		case s.Diagnostics:
			return false, nil
		case s.HardwareProblem:
			return false, edge.NonRetryable(edge.ErrHardware, "the diagnostics of server %s found a hardware problem", t.ServerID)
		case !seen && time.Since(asked) > p.Settle:
			return false, edge.NonRetryable(edge.ErrDiagnostics, "panel %s shows no diagnostics on server %s within %s of being asked for them", p.backend.Name(), t.ServerID, p.Settle)
		}
		return seen, nil
	})
}
