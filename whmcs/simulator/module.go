package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// overdue is the reason by which WHMCS suspends what was not paid, and lifts it
// by itself (docs/whmcs-api.md 4).
const overdue = "Overdue on Payment"

// function is a function of the server module, by its PHP name. Its error is the
// text that the PHP one returns.
type function struct {
	name string
	run  func(*WHMCS, Service, url.Values) error
}

var (
	createAccount    = function{"CreateAccount", (*WHMCS).createAccount}
	suspendAccount   = function{"SuspendAccount", (*WHMCS).suspendAccount}
	unsuspendAccount = function{"UnsuspendAccount", (*WHMCS).unsuspendAccount}
	terminateAccount = function{"TerminateAccount", (*WHMCS).terminateAccount}
	renew            = function{"Renew", (*WHMCS).renew}
	changePassword   = function{"ChangePassword", func(w *WHMCS, s Service, params url.Values) error {
		w.edit(s.ID, func(s *Service) { s.Password = params.Get("servicepassword") })
		return nil
	}}
	changePackage = function{"ChangePackage", func(*WHMCS, Service, url.Values) error {
		return errors.New("a server cannot be changed to another package")
	}}
	custom = function{"Custom", func(_ *WHMCS, _ Service, params url.Values) error {
		return fmt.Errorf("there is no function %q", params.Get("func_name"))
	}}
)

// action makes a module function an action of api.php.
func (f function) action(w *WHMCS, params url.Values) object {
	if id(params, "serviceid") == 0 {
		return failed("Service ID is required")
	}
	return w.runModule(id(params, "serviceid"), f, params)
}

// runModule runs a module function, one at a time per service. A failure is a row
// of the module queue and leaves the status as it was (docs/whmcs-api.md 3.7).
func (w *WHMCS) runModule(serviceID int, f function, params url.Values) object {
	unlock := w.lock(serviceID)
	defer unlock()
	service, there := w.service(serviceID)
	if !there {
		return failed("Service ID not found")
	}
	product, there := w.config.product(service.ProductID)
	if !there || product.Module == "" {
		return failed("Service not assigned to a module")
	}
	if err := f.run(w, service, params); err != nil {
		w.change(func(state *State) {
			state.Queue = append(state.Queue, QueueRow{ID: state.newID(), ServiceID: serviceID, Module: product.Module,
				Action: f.name, Error: err.Error(), At: w.config.Now()})
		})
		w.log("Module %s Failed - Service ID: %d - Error: %s", f.name, serviceID, err)
		return failed(err.Error())
	}
	w.log("Module %s Successful - Service ID: %d", f.name, serviceID)
	return success(nil)
}

// createAccount is a question to the gateway first, an order only when it does
// not know the service; success only for what is ready and shown as Pending.
func (w *WHMCS) createAccount(s Service, _ url.Values) error {
	if s.Status == "Active" || s.Status == "Suspended" {
		return errors.New("already created, nothing done")
	}
	answer, err := w.call(http.MethodGet, fmt.Sprintf("/v1/services/%d", s.ID), nil)
	if err != nil {
		return err
	}
	switch answer.code {
	case 0:
	case http.StatusNotFound:
		if _, err := w.start(s); err != nil {
			return err
		}
		return errors.New("the server is being set up")
	case http.StatusOK:
		var status struct {
			Ready       bool
			Phase, Step string
			Attention   struct{ Message string }
		}
		if err := json.Unmarshal(answer.body, &status); err != nil {
			return errors.New("the gateway's answer cannot be read")
		}
		switch {
		case status.Ready && s.Status != "Pending":
			return fmt.Errorf("the server is ready, but WHMCS shows the service as %s, not Pending", s.Status)
		case !status.Ready && status.Attention.Message != "":
			return errors.New(status.Attention.Message)
		case !status.Ready:
			return errors.New(strings.TrimSpace("the server is being set up: " + status.Phase + " " + status.Step))
		}
	default:
		return answer.err("the question for the status")
	}
	w.change(func(state *State) {
		live := state.Service(s.ID)
		live.Status = "Active"
		state.mail(Welcome, live, w.config.Now())
	})
	w.log("Hook AfterModuleCreate - Service ID: %d", s.ID)
	return nil
}

func (s *State) mail(template string, about *Service, now time.Time) {
	s.Mails = append(s.Mails, Mail{now, template, about.ID, about.DedicatedIP, about.AssignedIPs, about.Username, about.Domain})
}

// suspendAccount tells an expired service from one that a person suspended.
func (w *WHMCS) suspendAccount(s Service, params url.Values) error {
	reason := params.Get("suspendreason")
	name, input := "suspend", event(w.config.Now())
	input["reason"], input["source"] = reason, "whmcs"
	if strings.Contains(reason, overdue) && s.NextDueDate < w.config.Now().Format(time.DateOnly) {
		name = "expire"
		input["due"] = s.NextDueDate
	}
	if _, err := w.signal(s, name, input); err != nil {
		return err
	}
	w.edit(s.ID, func(s *Service) { s.Status, s.Suspended = "Suspended", reason })
	return nil
}

// unsuspendAccount lifts what came through WHMCS, expiry included: the renewal
// goes first, so that nothing blocks any more when the second call is answered.
func (w *WHMCS) unsuspendAccount(s Service, params url.Values) error {
	if strings.Contains(s.Suspended, overdue) {
		if err := w.renew(s, params); err != nil {
			return err
		}
	}
	input := event(w.config.Now())
	input["source"] = "whmcs"
	if _, err := w.signal(s, "unsuspend", input); err != nil {
		return err
	}
	w.edit(s.ID, func(s *Service) { s.Status, s.Suspended = "Active", "" })
	return nil
}

func (w *WHMCS) renew(s Service, _ url.Values) error {
	input := event(w.config.Now())
	input["expires_at"] = s.NextDueDate
	_, err := w.signal(s, "renew", input)
	return err
}

// terminateAccount succeeds too when the gateway never knew the service.
func (w *WHMCS) terminateAccount(s Service, _ url.Values) error {
	input := event(w.config.Now())
	input["reason"], input["source"] = "terminated in WHMCS", "whmcs"
	if answer, err := w.signal(s, "terminate", input); err != nil && answer.code != http.StatusNotFound {
		return err
	}
	w.edit(s.ID, func(s *Service) { s.Status = "Terminated" })
	return nil
}
