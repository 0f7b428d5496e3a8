package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const begun = "In progress: the server is being built, and WHMCS turns the service Active by itself. Press Create again to see how far it is."

// telling is how long WHMCS may take from the module's success to Active: a second
// success in between would be a second welcome mail.
const telling = 30 * time.Second

// createAccount is a question to the gateway first, an order only when it does
// not know the service; success only for what is ready and shown as Pending.
func (w *WHMCS) createAccount(s Service, _ url.Values) (string, error) {
	switch s.Status {
	case "Pending":
	case "Active", "Suspended":
		return "The service is already created, nothing done.", nil
	case "Terminated":
		return w.createAnew(s)
	default:
		return fmt.Sprintf("WHMCS shows the service as %s: set it to Pending first, if it is to be built.", s.Status), nil
	}
	if w.alone() {
		return done, nil
	}
	seen, err := w.seen(s)
	switch {
	case err != nil:
		return "", err
	case seen.is("unknown-service"):
		return w.begin(s, false)
	case !seen.ok():
		return seen.problem() + ".", nil
	case seen.view.abandoned():
		return fmt.Sprintf("Nobody looks after this service: its workflow has ended (%s). It goes on after: starter start --service %d", seen.view.text("ending"), s.ID), nil
	case seen.view.is("closed"):
		return w.begin(s, true)
	case !seen.view.is("ready") || seen.view.text("phase") == "releasing":
		return w.progress(seen.view), nil
	case w.config.Now().Sub(s.HandedOver) < telling:
		return "The server is ready, and WHMCS is turning the service Active in this moment.", nil
	}
	w.edit(s.ID, func(s *Service) { s.HandedOver = w.config.Now() })
	w.change(func(state *State) {
		state.noteServer(s.ID, seen.view.text("server.id"), seen.view.text("server.label"))
	})
	return done, nil
}

// createAnew gives a terminated service another life, when its first one is over.
func (w *WHMCS) createAnew(s Service) (string, error) {
	if w.alone() {
		return done, nil
	}
	seen, err := w.seen(s)
	switch {
	case err != nil:
		return "", err
	case seen.ok() && !seen.view.is("closed"):
		return "WHMCS shows the service as Terminated, but metalease has not ended it. " + w.progress(seen.view), nil
	case !seen.ok() && !seen.is("unknown-service"):
		return seen.problem() + ".", nil
	}
	// Builds are for Pending services only; after a lost reply Pending is right.
	w.edit(s.ID, func(s *Service) { s.Status = "Pending" })
	answer, err := w.start(s, true)
	if err != nil {
		return "", err
	}
	if !answer.ok() {
		w.edit(s.ID, func(s *Service) { s.Status = "Terminated" })
		return answer.problem() + ".", nil
	}
	return begun, nil
}

func (w *WHMCS) begin(s Service, restart bool) (string, error) {
	answer, err := w.start(s, restart)
	if err != nil {
		return "", err
	}
	if !answer.ok() {
		return answer.problem() + ".", nil
	}
	return begun, nil
}

func (w *WHMCS) seen(s Service) (reply, error) {
	return w.call(http.MethodGet, fmt.Sprintf("/v1/services/%d", s.ID), nil)
}

// noteServer writes into the table of the old module, where there is one.
func (s *State) noteServer(serviceID int, serverID, label string) {
	if s.Ispsystem == nil {
		return
	}
	for i := range s.Ispsystem {
		if s.Ispsystem[i].ServiceID == serviceID {
			s.Ispsystem[i].ServerID, s.Ispsystem[i].Label = serverID, label
			return
		}
	}
	s.Ispsystem = append(s.Ispsystem, IspsystemRow{serviceID, serverID, label})
}
