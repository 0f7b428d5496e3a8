package billing

import (
	"context"
	"fmt"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// ShowInput says what WHMCS should show of a service that its customer has.
type ShowInput struct {
	ServiceID int `json:"service_id"`
	// Status is Active or Suspended.
	Status whmcs.Status `json:"status"`
	// Reason of a suspension, as WHMCS will show it.
	Reason string `json:"reason,omitempty"`
}

// ShowDelivered changes a service that WHMCS shows as Pending although it was delivered. It
// sets the status alone: ModuleCreate would send a second welcome mail, and a module function
// would come back as a word of WHMCS. The answer tells a person what was done. Error:
// UnexpectedStatus.
func (w *WHMCS) ShowDelivered(ctx context.Context, in ShowInput) (string, error) {
	service, err := w.Client.Service(ctx, in.ServiceID)
	switch {
	case err != nil:
		return "", err
	case service.Status == in.Status:
		return fmt.Sprintf("WHMCS shows service %d as %s", in.ServiceID, in.Status), nil
	case service.Status != whmcs.StatusPending:
		return "", edge.NonRetryable(edge.ErrStatus, "service %d is %s in WHMCS, not Pending: nothing was changed", in.ServiceID, service.Status)
	}
	update := whmcs.ServiceUpdate{Status: &in.Status}
	if in.Status == whmcs.StatusSuspended {
		update.SuspensionReason = &in.Reason
	}
	if err := w.Client.UpdateService(ctx, in.ServiceID, update); err != nil {
		return "", err
	}
	return fmt.Sprintf("WHMCS showed Pending and now shows service %d as %s", in.ServiceID, in.Status), nil
}
