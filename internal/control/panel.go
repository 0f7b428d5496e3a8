package control

import (
	"context"
	"fmt"
	"time"

	onpanel "metalease/activities/panel"
	"metalease/internal/config"
)

// PanelHealth is whether orders can be built on a panel now.
type PanelHealth struct {
	Panel string `json:"panel"`
	// Mode is manage or observe, as the worker knows it: the worker is who writes.
	Mode string `json:"mode"`
	// Reachable is true when the panel answers to the worker's credentials.
	Reachable   bool        `json:"reachable"`
	Paused      bool        `json:"paused"`
	PauseReason string      `json:"pause_reason,omitempty"`
	Error       *PanelFault `json:"error,omitempty"`
	AsOf        time.Time   `json:"as_of"`
}

// PanelFault is why a panel cannot be reached. Code is the stable type of the activity's error.
type PanelFault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ErrObserved is an order for a panel that is only observed.
type ErrObserved struct{ Panel string }

// Error names the panel.
func (e *ErrObserved) Error() string {
	return fmt.Sprintf("panel %s is only observed: orders for it are not started", e.Panel)
}

const (
	// panelPatience is how long a worker may take for one question to a panel; its limit for
	// the panel is shorter.
	panelPatience = 15 * time.Second
	// formsPatience is for questions that read one form after another.
	formsPatience = 35 * time.Second
)

// Health tells whether a panel answers and may be written to. A panel that is down is an
// answer. Errors: ErrUnknownPanel, ErrWorkerUnavailable.
func (c *Control) Health(ctx context.Context, panel string) (PanelHealth, error) {
	seen, err := askPanel[onpanel.Health](ctx, c, panel, "Health", nil, panelPatience)
	if err != nil {
		return PanelHealth{}, err
	}
	health := PanelHealth{Panel: panel, Mode: config.ModeManage, Reachable: seen.Reachable, AsOf: seen.AsOf}
	if seen.Observed {
		health.Mode = config.ModeObserve
	}
	if seen.Code != "" {
		health.Error = &PanelFault{seen.Code, seen.Message}
	}
	brakes, err := c.Brakes(ctx, panel)
	if err != nil {
		return PanelHealth{}, err
	}
	if brakes.Paused != nil {
		health.Paused, health.PauseReason = true, brakes.Paused.Reason
	}
	return health, nil
}

// Packages lists what can be a product's "Package Name" on a panel. Errors: ErrUnknownPanel,
// ErrWorkerUnavailable, *[Refused].
func (c *Control) Packages(ctx context.Context, panel string) ([]string, error) {
	return askPanel[[]string](ctx, c, panel, "Packages", nil, panelPatience)
}

// Templates lists the OS templates of a panel. Errors: as of Packages.
func (c *Control) Templates(ctx context.Context, panel string) ([]onpanel.Template, error) {
	return askPanel[[]onpanel.Template](ctx, c, panel, "Templates", nil, panelPatience)
}

// Marked lists the servers of a panel that carry a service's mark. Errors: as of Packages.
func (c *Control) Marked(ctx context.Context, panel string, serviceID int) ([]onpanel.MarkedServer, error) {
	return askPanel[[]onpanel.MarkedServer](ctx, c, panel, "MarkedServers", onpanel.MarkedInput{ServiceID: serviceID}, formsPatience)
}

// askPanel is inquire for a panel of the configuration: nobody would ever answer for another.
func askPanel[A any](ctx context.Context, c *Control, panel, activity string, input any, patience time.Duration) (A, error) {
	if _, there := c.config.Panel(panel); !there {
		var none A
		return none, ErrUnknownPanel
	}
	return inquire[A](ctx, c, panel, activity, input, patience)
}

// startable refuses an order for a panel that is only observed.
func (c *Control) startable(panel string) error {
	if found, there := c.config.Panel(panel); there && found.Mode == config.ModeObserve {
		return &ErrObserved{panel}
	}
	return nil
}
