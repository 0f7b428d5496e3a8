// Package account is the permanent entity of one client on one panel, which alone looks up and
// creates the client's account.
package account

import (
	"cmp"
	"errors"
	"slices"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// stateVersion is the version of State that this build writes.
const stateVersion = 1

// State is the state of an account entity. It starts as a message.AccountStart.
type State struct {
	StateVersion int          `json:"state_version"`
	Panel        string       `json:"panel"`
	ClientID     int          `json:"client_id"`
	Settings     api.Settings `json:"settings,omitzero"`
	// Known is the account that was answered last. It counts only while WHMCS still shows it on a
	// service of the client, which each look-up asks. Set by each answer.
	Known holding.Account `json:"known,omitzero"`
	// Absent is the name that was looked up and did not exist; what exists under it from then on is
	// ours. Set before an account is created, cleared when that failed.
	Absent string `json:"absent,omitempty"`
	// Waiting are services that were not answered yet. A request adds one; its answer takes it out.
	Waiting []message.AccountRequest `json:"waiting,omitempty"`
	// Notices are what people should see.
	Notices []entity.Notice `json:"notices,omitempty"`
}

const (
	// keepWaiting is how many services may wait; one that is forgotten asks again.
	keepWaiting = 1000
	// servedAtOnce is how many are looked up together.
	servedAtOnce = 100
	nameLimit    = 200
)

// Account is the permanent entity of one client on one panel. It alone looks up and creates the
// client's account, so that fifty first orders at once end in one.
func Account(ctx workflow.Context, in State) error {
	in.StateVersion = entity.CheckVersion(in.StateVersion, stateVersion)
	e := &account{in: &in}
	e.run = entity.New(ctx, entity.Options{Notices: &in.Notices, Signals: []entity.Signal{
		{Name: message.SignalRequest, Description: "A service asks for the account of its client.", Take: entity.As(e.request)},
	}})
	if err := workflow.SetQueryHandlerWithOptions(ctx, api.QueryStatus, func() (State, error) { return in, nil },
		workflow.QueryHandlerOptions{Description: "The client's account, and who waits for it."}); err != nil {
		return err
	}
	for {
		e.run.Details("Account **" + clean.Markdown(cmp.Or(in.Known.Name, "not known yet"), 100) + "** on panel " + in.Panel + ". Waits for the client's next order.")
		e.run.Await(func() bool { return len(in.Waiting) > 0 || e.run.Full() })
		if e.run.Full() {
			return e.run.ContinueAsNew(api.TypeAccount, &in)
		}
		e.answer()
	}
}

// account is one run of Account.
type account struct {
	run *entity.Run
	in  *State
}

func (e *account) request(r message.AccountRequest) error {
	if r.ServiceID <= 0 {
		return errors.New("the request names no service")
	}
	if !clean.FitsJSON(r.Had.Name, nameLimit) || !clean.FitsJSON(r.Had.ID, nameLimit) {
		r.Had = holding.Account{} // no account of ours
	}
	if !slices.Contains(e.in.Waiting, r) {
		e.in.Waiting = entity.Last(append(e.in.Waiting, r), keepWaiting)
	}
	return nil
}

// answer serves the first of those who wait, and those of the others whom WHMCS shows as services
// of this client.
func (e *account) answer() {
	e.run.Take()
	first := e.in.Waiting[0]
	var also []int
	for _, r := range e.in.Waiting[1:min(len(e.in.Waiting), servedAtOnce)] {
		also = append(also, r.ServiceID)
	}
	reply, served := e.find(first, also)
	for _, service := range append([]int{first.ServiceID}, served...) {
		e.in.Waiting = slices.DeleteFunc(e.in.Waiting, func(r message.AccountRequest) bool { return r.ServiceID == service })
		e.run.Post(entity.Letter{To: api.ServiceWorkflowID(service), Signal: message.SignalAccount, Input: reply}) // one that has ended needs no account
	}
	e.run.Flush()
}

// find looks up the account for a service, and tells which of the others it is for as well.
func (e *account) find(first message.AccountRequest, also []int) (message.AccountReply, []int) {
	question := panel.AccountQuestion{ClientID: e.in.ClientID, ServiceID: first.ServiceID, Also: also, Known: e.in.Known, Had: first.Had, Absent: e.in.Absent}
	var answer panel.AccountAnswer
	if err := e.perform("look up the client's account", call.Panel.LookUpAccount, question, &answer); err != nil {
		return refusal(err), nil
	}
	if answer.Absent != "" {
		if !clean.FitsJSON(answer.Absent, nameLimit) {
			return message.AccountReply{Code: "failed", Why: "the username in WHMCS is too long for an account"}, nil
		}
		e.in.Absent = answer.Absent
		answer.Why = "created"
		err := e.perform("create account "+answer.Absent, call.Panel.CreateAccount, panel.NewAccount{ServiceID: first.ServiceID, Name: answer.Absent}, &answer.Account)
		if err != nil {
			e.in.Absent = "" // it was not made, so who has that name from now on may be anybody
			return refusal(err), nil
		}
	}
	if clean.FitsJSON(answer.Account.Name, nameLimit) && clean.FitsJSON(answer.Account.ID, nameLimit) {
		e.in.Known = answer.Account // it only saves a look-up
	}
	return message.AccountReply{Account: answer.Account, Why: answer.Why}, answer.Also
}

func refusal(err error) message.AccountReply {
	return message.AccountReply{Code: cmp.Or(edge.TypeOf(err), "failed"), Why: clean.CutJSON(call.WordsOf(err), 500)}
}

// perform runs an activity for as long as the vendors take; requests are noted meanwhile.
func (e *account) perform(summary string, activity, input, result any) error {
	ctx := workflow.WithActivityOptions(e.run.Ctx, call.Options(e.in.Settings, fleet.PanelQueue(e.in.Panel), call.OneCall, summary))
	future := workflow.ExecuteActivity(ctx, activity, input)
	e.run.Await(future.IsReady)
	return future.Get(e.run.Ctx, result)
}
