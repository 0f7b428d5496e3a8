package simulator

import (
	"fmt"
	"net/url"
	"time"
)

// overdue is the reason by which WHMCS suspends what was not paid, and lifts it
// by itself (docs/whmcs-api.md 4).
const overdue = "Overdue on Payment"

// done is what a module function returns for WHMCS to go on.
const done = "success"

// function is a function of the server module, by its PHP name. What it says and
// asks is what the PHP module does: recorded transcripts hold both to it.
type function struct {
	name string
	// run returns done, or the text that staff read; its error is text too.
	run func(*WHMCS, Service, url.Values) (string, error)
	// after is what WHMCS does with the service when it reads done.
	after func(*Service, url.Values)
}

var (
	createAccount  = function{"CreateAccount", (*WHMCS).createAccount, func(s *Service, _ url.Values) { s.Status = "Active" }}
	suspendAccount = function{"SuspendAccount", (*WHMCS).suspendAccount, func(s *Service, params url.Values) {
		s.Status, s.Suspended = "Suspended", params.Get("suspendreason")
	}}
	unsuspendAccount = function{"UnsuspendAccount", (*WHMCS).unsuspendAccount, func(s *Service, _ url.Values) { s.Status, s.Suspended = "Active", "" }}
	terminateAccount = function{"TerminateAccount", (*WHMCS).terminateAccount, func(s *Service, _ url.Values) { s.Status = "Terminated" }}
	renew            = function{"Renew", (*WHMCS).renew, func(*Service, url.Values) {}}
	changePassword   = refusal("ChangePassword", "Function Not Supported by Module")
	changePackage    = refusal("ChangePackage", "Not supported, and nothing was changed: a dedicated server cannot become another one. "+
		"Order a new service, move the data, then cancel this one.")
	custom = function{"Custom", func(_ *WHMCS, _ Service, params url.Values) (string, error) {
		return fmt.Sprintf("there is no function %q", params.Get("func_name")), nil
	}, nil}
)

// refusal is a function that the module has for saying no.
func refusal(name, text string) function {
	return function{name, func(*WHMCS, Service, url.Values) (string, error) { return text, nil }, nil}
}

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
	if f.name == createAccount.name && w.config.ActiveRefusesCreate && service.Status == "Active" {
		return failed("The service is already active") // [UNCONFIRMED, docs/whmcs-api.md W5]
	}
	text, err := f.run(w, service, params)
	if err != nil {
		text = err.Error()
	}
	if text != done {
		w.change(func(state *State) {
			state.Queue = append(state.Queue, QueueRow{ID: state.newID(), ServiceID: serviceID, Module: product.Module,
				Action: f.name, Error: text, At: w.config.Now()})
		})
		w.log("Module %s Failed - Service ID: %d - Error: %s", f.name, serviceID, text)
		return failed(text)
	}
	w.change(func(state *State) {
		live := state.Service(serviceID)
		f.after(live, params)
		for i := range state.Queue {
			if q := &state.Queue[i]; w.config.SuccessCompletesRow && q.ServiceID == serviceID && q.Action == f.name {
				q.Completed = true
			}
		}
		if f.name == createAccount.name {
			state.mail(Welcome, live, w.config.Now())
		}
	})
	w.log("Module %s Successful - Service ID: %d", f.name, serviceID)
	if f.name == createAccount.name {
		w.log("Hook AfterModuleCreate - Service ID: %d", serviceID)
	}
	return success(nil)
}

func (s *State) mail(template string, about *Service, now time.Time) {
	s.Mails = append(s.Mails, Mail{now, template, about.ID, about.DedicatedIP, about.AssignedIPs, about.Username, about.Domain})
}

// alone tells that this WHMCS has no gateway: the module has nobody to ask, and
// what WHMCS does of itself goes on.
func (w *WHMCS) alone() bool { return w.config.Gateway == "" }
