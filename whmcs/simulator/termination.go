package simulator

import (
	"fmt"
	"net/http"
	"net/url"
)

// terminateAccount is final: success when the customer is cut off and the release
// is durable.
func (w *WHMCS) terminateAccount(s Service, _ url.Values) (string, error) {
	if w.alone() {
		return done, nil
	}
	effect, err := w.signal(s, "terminate", Body{"reason": "terminated in WHMCS"}, 15)
	switch {
	case err != nil:
		return "", err
	case effect.reply.is("unknown-service"):
		return w.terminateUnknown(s)
	case !effect.applied():
		return effect.because("release the server"), nil
	case effect.status == nil:
		return "Not confirmed: no worker answers. A retry does no harm.", nil
	case effect.status.abandoned(): // what is left is for the panel to say
		return w.terminateUnknown(s)
	}
	return w.ended(s), nil
}

// terminateUnknown asks whether a server carries the mark of a service that nobody
// looks after, or whether it had one before.
func (w *WHMCS) terminateUnknown(s Service) (string, error) {
	panel, _ := s.Order["panel"].(string)
	answer, err := w.call(http.MethodGet, fmt.Sprintf("/v1/panels/%s/servers?service_id=%d", url.PathEscape(panel), s.ID), nil)
	if err != nil {
		return "", err
	}
	if !answer.ok() {
		return "Nobody looks after this service, and metalease could not look whether a server carries its mark: " + answer.problem() + ".", nil
	}
	for _, server := range answer.view.each("servers") {
		return fmt.Sprintf("Nobody looks after this service, but server %s (%s) of the panel %s carries its mark: run \"starter adopt --service %d\", then terminate again.",
			server.text("id"), server.text("label"), panel, s.ID), nil
	}
	old := ""
	for _, row := range w.State().Ispsystem {
		if row.ServiceID == s.ID {
			old = row.ServerID
		}
	}
	if old == "" && s.HandedOver.IsZero() && s.DedicatedIP == "" {
		return w.ended(s), nil
	}
	where := ""
	if old != "" {
		where = " with server " + old
	}
	if s.DedicatedIP != "" {
		where += " (" + s.DedicatedIP + ")"
	}
	return fmt.Sprintf("Nobody looks after this service, and it was handed over%s: run \"starter adopt --service %d\", then terminate again; "+
		"or give the server back in the panel by hand, and set the service to Terminated.", where, s.ID), nil
}

// ended forgets the addresses, and the server in the old module's table.
func (w *WHMCS) ended(s Service) string {
	w.change(func(state *State) {
		for _, row := range state.Services {
			if row.ID == s.ID {
				row.DedicatedIP, row.AssignedIPs = "", ""
			}
		}
		for i := range state.Ispsystem {
			if state.Ispsystem[i].ServiceID == s.ID {
				state.Ispsystem[i].ServerID = ""
			}
		}
	})
	return done
}
