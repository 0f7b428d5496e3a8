package billing

import "context"

// KeepRootPassword makes the password that the customer has typed for a reinstall the service's. A repeat changes nothing.
func (w *WHMCS) KeepRootPassword(ctx context.Context, ref ServiceRef) error {
	return w.Client.KeepRootPassword(ctx, ref.ServiceID)
}
