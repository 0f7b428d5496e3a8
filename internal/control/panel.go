package control

import (
	"context"
	"fmt"
	"time"

	"metalease/activities/panel"
	"metalease/dcim"
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
	// Contradictions are lines of the panel's profile that the worker has seen to be untrue.
	Contradictions []dcim.Contradiction `json:"contradictions,omitempty"`
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
	// panelTimeout is how long a worker may take for one question to a panel; its limit for
	// the panel is shorter.
	panelTimeout = 15 * time.Second
	// formsTimeout is for questions that read one form after another.
	formsTimeout = 35 * time.Second
)

// Health tells whether a panel answers and may be written to. A panel that is down is an
// answer. Errors: ErrUnknownPanel, ErrWorkerUnavailable.
func (c *Control) Health(ctx context.Context, panelName string) (PanelHealth, error) {
	seen, err := askPanel[panel.Health](ctx, c, panelName, "Health", nil, panelTimeout)
	if err != nil {
		return PanelHealth{}, err
	}
	health := PanelHealth{Panel: panelName, Mode: config.ModeManage, Reachable: seen.Reachable, AsOf: seen.AsOf, Contradictions: seen.Contradictions}
	if seen.Observed {
		health.Mode = config.ModeObserve
	}
	if seen.Code != "" {
		health.Error = &PanelFault{seen.Code, seen.Message}
	}
	brakes, err := c.Brakes(ctx, panelName)
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
func (c *Control) Packages(ctx context.Context, panelName string) ([]string, error) {
	return askPanel[[]string](ctx, c, panelName, "Packages", nil, panelTimeout)
}

// Templates lists the OS templates of a panel. Errors: as of Packages.
func (c *Control) Templates(ctx context.Context, panelName string) ([]panel.Template, error) {
	return askPanel[[]panel.Template](ctx, c, panelName, "Templates", nil, panelTimeout)
}

// Marked lists the servers of a panel that carry a service's mark. Errors: as of Packages.
func (c *Control) Marked(ctx context.Context, panelName string, serviceID int) ([]panel.MarkedServer, error) {
	return askPanel[[]panel.MarkedServer](ctx, c, panelName, "MarkedServers", panel.MarkedInput{ServiceID: serviceID}, formsTimeout)
}

// askPanel is inquire for a panel of the configuration: nobody would ever answer for another.
func askPanel[A any](ctx context.Context, c *Control, panelName, activity string, input any, timeout time.Duration) (A, error) {
	if _, there := c.config.Panel(panelName); !there {
		var none A
		return none, ErrUnknownPanel
	}
	return inquire[A](ctx, c, panelName, activity, input, timeout)
}

// startable refuses an order for a panel that is only observed.
func (c *Control) startable(panelName string) error {
	if found, there := c.config.Panel(panelName); there && found.Mode == config.ModeObserve {
		return &ErrObserved{panelName}
	}
	return nil
}
