// Package account is the permanent entity of one client on one panel, which alone looks up and
// creates the client's account.
package account

import (
	"go.temporal.io/sdk/workflow"

	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// Account is the permanent entity of one client on one panel. It alone looks up
// and creates the client's account, so that fifty first orders at once end in
// one.
func Account(ctx workflow.Context, in State) error {
	e := &accountEntity{ctx: ctx, in: &in, requests: workflow.GetSignalChannel(ctx, message.SignalRequest)}
	if err := workflow.SetQueryHandler(ctx, api.QueryStatus, func() (State, error) { return in, nil }); err != nil {
		return err
	}
	for {
		e.drain()
		if len(in.Waiting) > 0 {
			e.answer()
			continue
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, api.TypeAccount, in)
		}
		workflow.SetCurrentDetails(ctx, "Account **"+message.OrElse(in.Known.Name, "not known yet")+"** on panel "+in.Panel+". Waits for the client's next order.")
		var request message.AccountRequest
		e.requests.Receive(ctx, &request)
		e.wait(request)
	}
}

type accountEntity struct {
	ctx      workflow.Context
	in       *State
	requests workflow.ReceiveChannel
}

func (e *accountEntity) drain() {
	var request message.AccountRequest
	for e.requests.ReceiveAsync(&request) {
		e.wait(request)
	}
}

func (e *accountEntity) wait(request message.AccountRequest) {
	for _, waiting := range e.in.Waiting {
		if waiting == request {
			return
		}
	}
	e.in.Waiting = append(e.in.Waiting, request)
}

// answer serves the first of those who wait; once the account is known, all.
func (e *accountEntity) answer() {
	first := e.in.Waiting[0]
	reply := e.find(first.ServiceID)
	served := e.in.Waiting[:1]
	if reply.Code == "" {
		e.drain()
		served = e.in.Waiting
	}
	var sent []workflow.Future
	for _, request := range served {
		sent = append(sent, workflow.SignalExternalWorkflow(e.ctx, api.ServiceWorkflowID(request.ServiceID), "", message.SignalAccount, reply))
	}
	e.in.Waiting = append([]message.AccountRequest(nil), e.in.Waiting[len(served):]...)
	for _, future := range sent {
		_ = future.Get(e.ctx, nil) // a service that has ended needs no account
	}
}

func (e *accountEntity) find(service int) message.AccountReply {
	answer := panel.AccountAnswer{}
	err := workflow.ExecuteActivity(e.options("look up the client's account"), call.Panel.LookUpAccount, panel.AccountQuestion{
		ClientID: e.in.ClientID, ServiceID: service, Known: e.in.Known, Absent: e.in.Absent,
	}).Get(e.ctx, &answer)
	if err != nil {
		return message.Refusal(err)
	}
	if answer.Absent != "" {
		e.in.Absent = answer.Absent
		answer.Why = "created"
		err := workflow.ExecuteActivity(e.options("create account "+answer.Absent), call.Panel.CreateAccount,
			panel.NewAccount{ServiceID: service, Name: answer.Absent}).Get(e.ctx, &answer.Account)
		if err != nil {
			e.in.Absent = "" // it was not made, so who has that name from now on may be anybody
			return message.Refusal(err)
		}
	}
	e.in.Known = answer.Account
	return message.AccountReply{Account: answer.Account, Why: answer.Why}
}

func (e *accountEntity) options(summary string) workflow.Context {
	return call.EntityContext(e.ctx, e.in.Settings, api.PanelQueue(e.in.Panel), summary)
}

// AccountInput is the state of an account entity. Fields are only ever added.
type State struct {
	Panel    string          `json:"panel"`
	ClientID int             `json:"client_id"`
	Settings api.Settings    `json:"settings,omitzero"`
	Known    holding.Account `json:"known,omitzero"`
	// Absent is the name that was looked up and did not exist; what exists under
	// it from then on is ours.
	Absent string `json:"absent,omitempty"`
	// Waiting are services that have not been answered yet.
	Waiting []message.AccountRequest `json:"waiting,omitempty"`
}
