package gateway

import "metalease/workflows/api"

// signalTexts are what the document says of each signal, and the fields that it reads.
var signalTexts = map[string]struct {
	help   string
	fields []string
}{
	api.SignalExpire:    {"Block the server and start the grace period; a repeat never moves its end", []string{"at", "due", "grace", "source"}},
	api.SignalRenew:     {"End the grace period; unblock if nothing else blocks", []string{"at", "expires_at", "source"}},
	api.SignalSuspend:   {"Block the server without a grace period", []string{"at", "reason", "source"}},
	api.SignalUnsuspend: {"Lift suspensions", []string{"at", "reason", "source"}},
	api.SignalHold:      {"Let nothing be blocked or released by itself", []string{"reason", "source"}},
	api.SignalUnhold:    {"Lift a hold", []string{"reason", "source"}},
	api.SignalTerminate: {"Release the server now, from any phase; a payment does not undo it", []string{"reason", "source"}},
	api.SignalRetry:     {"Try again from attention, on another server with replace, with corrected order fields", []string{"reason", "source", "replace", "server_id", "order"}},
	api.SignalAccept:    {"Take the work of a technician: skip the install", []string{"reason", "source", "server_id"}},
	api.SignalDetach:    {"End the lifecycle and touch nothing but the mark", []string{"reason", "source"}},
}
