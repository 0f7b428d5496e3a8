package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities"
)

// AccountInput is the state of an account entity. Fields are only ever added.
type AccountInput struct {
	Panel    string             `json:"panel"`
	ClientID int                `json:"client_id"`
	Settings Settings           `json:"settings,omitzero"`
	Known    activities.Account `json:"known,omitzero"`
	// Absent is the name that was looked up and did not exist; what exists under
	// it from then on is ours.
	Absent string `json:"absent,omitempty"`
	// Waiting are services that have not been answered yet.
	Waiting []accountRequest `json:"waiting,omitempty"`
}

// accountRequest asks for the account of a service's client.
type accountRequest struct {
	ServiceID int `json:"service_id"`
}

// Account is the permanent entity of one client on one panel. It alone looks up
// and creates the client's account, so that fifty first orders at once end in
// one.
func Account(ctx workflow.Context, in AccountInput) error {
	e := &accountEntity{ctx: ctx, in: &in, requests: workflow.GetSignalChannel(ctx, signalRequest)}
	if err := workflow.SetQueryHandler(ctx, QueryStatus, func() (AccountInput, error) { return in, nil }); err != nil {
		return err
	}
	for {
		e.drain()
		if len(in.Waiting) > 0 {
			e.answer()
			continue
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, TypeAccount, in)
		}
		workflow.SetCurrentDetails(ctx, "Account **"+orElse(in.Known.Name, "not known yet")+"** on panel "+in.Panel+". Waits for the client's next order.")
		var request accountRequest
		e.requests.Receive(ctx, &request)
		e.wait(request)
	}
}

type accountEntity struct {
	ctx      workflow.Context
	in       *AccountInput
	requests workflow.ReceiveChannel
}

func (e *accountEntity) drain() {
	var request accountRequest
	for e.requests.ReceiveAsync(&request) {
		e.wait(request)
	}
}

func (e *accountEntity) wait(request accountRequest) {
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
		sent = append(sent, workflow.SignalExternalWorkflow(e.ctx, ServiceWorkflowID(request.ServiceID), "", signalAccount, reply))
	}
	e.in.Waiting = append([]accountRequest(nil), e.in.Waiting[len(served):]...)
	for _, future := range sent {
		_ = future.Get(e.ctx, nil) // a service that has ended needs no account
	}
}

func (e *accountEntity) find(service int) accountReply {
	answer := activities.AccountAnswer{}
	err := workflow.ExecuteActivity(e.options("look up the client's account"), onPanel.LookUpAccount, activities.AccountQuestion{
		ClientID: e.in.ClientID, ServiceID: service, Known: e.in.Known, Absent: e.in.Absent,
	}).Get(e.ctx, &answer)
	if err != nil {
		return refusedBy(err)
	}
	if answer.Absent != "" {
		e.in.Absent = answer.Absent
		answer.Why = "created"
		err := workflow.ExecuteActivity(e.options("create account "+answer.Absent), onPanel.CreateAccount,
			activities.NewAccount{ServiceID: service, Name: answer.Absent}).Get(e.ctx, &answer.Account)
		if err != nil {
			e.in.Absent = "" // it was not made, so who has that name from now on may be anybody
			return refusedBy(err)
		}
	}
	e.in.Known = answer.Account
	return accountReply{Account: answer.Account, Why: answer.Why}
}

func refusedBy(err error) accountReply {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return accountReply{Code: app.Type(), Why: app.Message()}
	}
	return accountReply{Code: "failed", Why: err.Error()}
}

func (e *accountEntity) options(summary string) workflow.Context {
	return entityOptions(e.ctx, e.in.Settings, PanelQueue(e.in.Panel), summary)
}

// entityOptions are the activity options of the entities that serve many services.
func entityOptions(ctx workflow.Context, settings Settings, queue, summary string) workflow.Context {
	settings = settings.withDefaults()
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           queue,
		StartToCloseTimeout: oneCall,
		HeartbeatTimeout:    time.Duration(settings.Heartbeat),
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: min(firstRetry, time.Duration(settings.RetryCap)), BackoffCoefficient: 2, MaximumInterval: time.Duration(settings.RetryCap),
		},
	})
}
