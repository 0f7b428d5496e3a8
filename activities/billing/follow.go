package billing

import (
	"context"
	"errors"
	"fmt"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// FollowInput says which status WHMCS should show.
type FollowInput struct {
	ServiceRef
	// Want is Active, Suspended, Terminated, or Cancelled for an order that was never delivered.
	Want string `json:"want"`
	// Reason of a suspension, as WHMCS will show it.
	Reason string `json:"reason,omitempty"`
}

// Followed is what WHMCS shows now; Did tells a person what was done, empty for nothing.
type Followed struct {
	Status   string `json:"status,omitempty"`
	ClientID int    `json:"client_id,omitempty"`
	Did      string `json:"did,omitempty"`
}

// Compared tells whether WHMCS shows another status than it should. A service that WHMCS does
// not have, or that ended there, is left alone.
type Compared struct {
	Status   string `json:"status,omitempty"`
	ClientID int    `json:"client_id,omitempty"`
	Differs  bool   `json:"differs,omitempty"`
	// Gone is true when WHMCS does not have the service any more.
	Gone bool `json:"gone,omitempty"`
}

// Compare reads what WHMCS shows. It changes nothing, so it may wait for a WHMCS that is down.
func (w *WHMCS) Compare(ctx context.Context, in FollowInput) (Compared, error) {
	service, err := w.Client.Service(ctx, in.ServiceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return Compared{Gone: true}, nil
	}
	if err != nil {
		return Compared{}, err
	}
	want := whmcs.Status(in.Want)
	alive := service.Status == whmcs.StatusActive || service.Status == whmcs.StatusSuspended
	if want == whmcs.StatusCancelled {
		alive = service.Status == whmcs.StatusPending
	}
	return Compared{Status: string(service.Status), ClientID: service.ClientID, Differs: alive && service.Status != want}, nil
}

// Follow makes WHMCS show what is true: it compares, and calls a module function only where
// that differs. The module's callback then only confirms. It is for one attempt: of any error
// but NotCalled nobody knows whether WHMCS ran the function, and with it our module. Errors:
// NotCalled, WHMCSRefused.
func (w *WHMCS) Follow(ctx context.Context, in FollowInput) (Followed, error) {
	compared, err := w.Compare(ctx, in)
	if err == nil {
		err = ctx.Err() // it is not wanted any more
	}
	switch {
	case err != nil:
		return Followed{}, edge.NonRetryable(edge.ErrNotCalled, "%s", err)
	case compared.Gone:
		return Followed{Did: fmt.Sprintf("service %d is not in WHMCS any more", in.ServiceID)}, nil
	case !compared.Differs:
		return Followed{Status: compared.Status, ClientID: compared.ClientID}, nil
	}
	switch want := whmcs.Status(in.Want); want {
	case whmcs.StatusActive:
		err = w.Client.ModuleUnsuspend(ctx, in.ServiceID)
	case whmcs.StatusSuspended:
		err = w.Client.ModuleSuspend(ctx, in.ServiceID, in.Reason)
	case whmcs.StatusTerminated:
		err = w.Client.ModuleTerminate(ctx, in.ServiceID)
	case whmcs.StatusCancelled: // an order that ended here: else the cron of WHMCS has it built. No module function leads there (docs/whmcs-api.md 1.4)
		err = w.Client.UpdateService(ctx, in.ServiceID, whmcs.ServiceUpdate{Status: new(whmcs.StatusCancelled)})
	default: // no module function leads there; saying that WHMCS shows it now would be wrong
		return Followed{}, edge.NonRetryable(edge.ErrStatus, "service %d cannot be made %s in WHMCS by a module function", in.ServiceID, want)
	}
	if ctx.Err() != nil && err != nil { // given up here, which does not mean there
		return Followed{}, edge.NonRetryable(edge.ErrWHMCSUnavailable, "the call was given up on its way: %s", err)
	}
	if err != nil {
		return Followed{}, err
	}
	return Followed{Status: in.Want, ClientID: compared.ClientID, Did: fmt.Sprintf("WHMCS showed %s and now shows %s", compared.Status, in.Want)}, nil
}
