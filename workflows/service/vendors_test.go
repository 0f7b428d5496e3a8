package service

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
)

func (w *world) vendors() {
	any2 := []any{mock.Anything, mock.Anything}
	w.OnActivity(call.Panel.Look, any2...).Maybe().AfterFn(func() time.Duration { return w.delays["CheckOrder"] }).Return(w.seen)
	w.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, mock.Anything, mock.Anything).Maybe().Return(w.signalled)
	w.OnActivity(call.Messenger.Tell, any2...).Maybe().Return(w.tell)
	assigned := func(b panel.Build) (panel.Addresses, error) {
		return panel.Addresses{Main: "192.0.2." + b.ServerID, Extra: []string{}}, w.did("AssignAddresses")
	}
	w.OnActivity(call.Panel.AssignAddresses, any2...).Maybe().Return(func(_ context.Context, b panel.Build) (panel.Addresses, error) { return assigned(b) })
	w.OnActivity(call.Panel.MakeReady, any2...).Maybe().Return(func(_ context.Context, b panel.Build) (panel.Addresses, error) {
		have, err := assigned(b)
		if err == nil {
			w.cut = false
			err = w.did("PowerUp")
		}
		have.Since = w.Now()
		return have, err
	})
	w.OnActivity(call.Panel.StartInstall, any2...).Maybe().Return(func(_ context.Context, b panel.Build) (panel.Started, error) {
		return panel.Started{AcceptedAt: w.Now(), Progress: panel.InstallRunning}, w.did("StartInstall")
	})
	w.OnActivity(call.Panel.AwaitInstall, any2...).Maybe().AfterFn(func() time.Duration { return w.takes }).Return(func(_ context.Context, b panel.Build) (panel.Watched, error) {
		if w.install != nil {
			return w.install(b)
		}
		return panel.Watched{Progress: panel.InstallFinished, FinishedAt: w.Now()}, w.did("AwaitInstall")
	})
	w.OnActivity(call.Panel.InspectInstall, any2...).Maybe().Return(func(context.Context, panel.Build) (panel.Watched, error) {
		return panel.Watched{Progress: cmp.Or(w.inspected, panel.InstallFailed), FinishedAt: w.Now()}, w.did("InspectInstall")
	})
	w.OnActivity(call.Panel.HandOver, any2...).Maybe().Return(func(_ context.Context, b panel.Build) (panel.Addresses, error) {
		if w.byHand != "" && !b.Approved {
			return panel.Addresses{}, final(w.byHand, "somebody changed the server in the panel")
		}
		return panel.Addresses{Main: "192.0.2." + b.ServerID, Extra: []string{}}, w.did("HandOver")
	})
	w.OnActivity(call.Billing.Activate, any2...).Maybe().Return(func(context.Context, billing.Activation) error { return w.did("Activate") })
	w.OnActivity(call.Billing.Compare, any2...).Maybe().Return(func(_ context.Context, in billing.FollowInput) (billing.Compared, error) {
		if in.Want == showCancelled && w.view != nil {
			return billing.Compared{Status: w.view.Status, Differs: w.view.Status == "Pending"}, nil
		}
		return billing.Compared{Differs: true}, nil
	})
	w.OnActivity(call.Billing.Follow, any2...).Maybe().Return(func(_ context.Context, in billing.FollowInput) (billing.Followed, error) {
		return billing.Followed{Status: in.Want}, w.did("Follow " + in.Want)
	})
	w.OnActivity(call.Billing.Standing, any2...).Maybe().AfterFn(func() time.Duration { return w.delays["Standing"] }).Return(func(context.Context, billing.ServiceRef) (billing.Standing, error) {
		return w.standing, w.did("Standing")
	})
	w.OnActivity(call.Billing.ConfirmExpiry, any2...).Maybe().Return(func(context.Context, billing.ServiceRef) (billing.ExpiryView, error) {
		return w.expiry, w.did("ConfirmExpiry")
	})
	w.OnActivity(call.Billing.Note, any2...).Maybe().Return(func(_ context.Context, in billing.NoteInput) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notes = append(w.notes, in)
		return nil
	})
	w.OnActivity(call.Panel.Block, any2...).Maybe().AfterFn(func() time.Duration { return w.delays["Block"] }).Return(func(_ context.Context, t panel.Target) (panel.Blocked, error) {
		if w.limited["Block"] && !t.Approved {
			return panel.Blocked{}, final(edge.ErrLimit, "the limit of the panel is reached")
		}
		if w.undue != "" && t.ForExpiry {
			return panel.Blocked{}, final(edge.ErrNotDue, w.undue)
		}
		err := w.did("Block")
		w.cut = w.cut || err == nil
		return panel.Blocked{ByHand: w.blockedByHand, MarkLost: w.markLost}, err
	})
	w.OnActivity(call.Panel.Unblock, any2...).Maybe().AfterFn(func() time.Duration { return w.delays["Unblock"] }).Return(func(context.Context, panel.Target) (panel.Remarked, error) {
		err := w.did("Unblock")
		w.cut = w.cut && err != nil
		return panel.Remarked{MarkLost: w.markLost}, err
	})
	w.OnActivity(call.Panel.Adopt, any2...).Maybe().Return(func(_ context.Context, t panel.Target) (panel.Adopted, error) {
		return panel.Adopted{Server: panel.Server{ID: t.ServerID, IP: "192.0.2." + t.ServerID, Hostname: "old.example.org"}, Blocked: w.blockedByHand}, w.did("Adopt")
	})
	w.OnActivity(call.Panel.ClearAddresses, any2...).Maybe().Return(func(context.Context, panel.Target) (panel.Resale, error) {
		return w.resale, w.did("ClearAddresses")
	})
	w.OnActivity(call.Billing.Announce, any2...).Maybe().Return(func(_ context.Context, in billing.Announcement) (billing.Announced, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.said = append(w.said, in)
		return billing.Announced{Ticket: 40 + len(w.said)}, w.fail["Announce"]
	})
	w.OnActivity(call.Panel.Restore, any2...).Maybe().AfterFn(func() time.Duration { return w.delays["Restore"] }).Return(func(_ context.Context, b panel.Build) error {
		w.restored = append(w.restored, b.KeepBlocked)
		err := w.did("Restore")
		if err == nil {
			w.cut = b.KeepBlocked
		}
		return err
	})
	w.OnActivity(call.Panel.Quarantine, any2...).Maybe().Return(func(_ context.Context, in panel.QuarantineInput) error {
		if in.ForExpiry && w.fail["Quarantine due"] != nil {
			return w.did("Quarantine due")
		}
		return w.did("Quarantine")
	})
	destroys := func(name string, t panel.Target) error {
		if w.limited[name] && !t.Approved {
			return final(edge.ErrLimit, "the limit of the panel is reached")
		}
		return w.did(name)
	}
	w.OnActivity(call.Panel.CutOff, any2...).Maybe().AfterFn(func() time.Duration { return w.delays["CutOff"] }).Return(func(_ context.Context, t panel.Target) (panel.Remarked, error) {
		return panel.Remarked{MarkLost: w.markLost}, destroys("CutOff", t)
	})
	for name, activity := range map[string]any{
		"PowerDown": call.Panel.PowerDown,
		"Diagnose":  call.Panel.Diagnose, "ReturnToStock": call.Panel.ReturnToStock, "Detach": call.Panel.Detach,
		"ReturnClaim": call.Panel.ReturnClaim, "CancelOperation": call.Panel.CancelOperation,
	} {
		w.OnActivity(activity, any2...).Maybe().AfterFn(func() time.Duration { return w.delays[name] }).Return(func(_ context.Context, t panel.Target) error {
			return destroys(name, t)
		})
	}
}

// seen plays a look at WHMCS and the panel.
func (w *world) seen(ctx context.Context, in panel.LookInput) (panel.Looked, error) {
	view := billing.OrderView{Status: "Pending", ClientID: 7, Username: "u101", Accounts: []string{"u101"}}
	if w.view != nil {
		view = *w.view
	}
	if err := w.did("CheckOrder"); err != nil || in.OnlyClient && view.ClientID != in.ClientID && view.ClientID != 0 {
		return panel.Looked{View: view}, err
	}
	w.asked = in.FindInput
	found := panel.Found{}
	if w.found != nil {
		found, w.found = *w.found, nil
	}
	if err := w.did("FindServer"); err != nil {
		return panel.Looked{}, err
	}
	asked := in.Ask != nil && view.NotPending == "" && found.Server == nil && view.ClientID == in.ClientID
	if asked {
		asked = w.tell(ctx, *in.Ask) == nil
	}
	return panel.Looked{View: view, Found: found, Asked: asked}, nil
}

// signalled plays the allocator, which runs, and account entities, which do not yet. Letters that
// nobody waits for arrive.
func (w *world) signalled(_, id, _, signal string, input any) error {
	letter, withdrawn := input.(message.Withdrawal)
	switch {
	case strings.HasPrefix(id, "account-"):
		return errors.New("no such workflow")
	case strings.HasPrefix(id, "inventory-") && !(withdrawn && letter.Ask == 0):
		return w.tell(context.Background(), engine.Message{WorkflowID: id, Signal: signal, Input: input})
	}
	return nil
}

// tell plays the account entity and the allocator.
func (w *world) tell(_ context.Context, m engine.Message) error {
	switch {
	case m.WorkflowType == api.TypeAccount:
		w.account(m)
	case m.Signal == message.SignalRequest:
		w.grant(m)
	case m.Signal == message.SignalWithdraw:
		w.SignalWorkflow(message.SignalWithdrawn, message.Reply{Ask: w.state().Ask})
	}
	return w.did("Tell " + m.Signal)
}

func (w *world) grant(m engine.Message) {
	if do := w.when["grant"]; do != nil {
		do()
	}
	var request message.ServerRequest
	payload, err := converter.GetDefaultDataConverter().ToPayload(m.Input)
	require.NoError(w.t, err)
	require.NoError(w.t, converter.GetDefaultDataConverter().FromPayload(payload, &request))
	w.requests = append(w.requests, request)
	switch {
	case w.silent:
	case w.refuse != nil:
		answer := *w.refuse
		answer.Ask = request.Ask
		w.refuse = nil
		w.SignalWorkflow(message.SignalRefused, answer)
	case len(w.servers) == 0:
		w.SignalWorkflow(message.SignalQueued, message.Reply{Ask: request.Ask, Position: 3})
	default:
		i := slices.IndexFunc(w.servers, func(id string) bool { return !slices.Contains(request.Exclude, id) })
		id := w.servers[i]
		w.servers = slices.Delete(w.servers, i, i+1)
		w.SignalWorkflow(message.SignalGranted, message.Reply{Ask: request.Ask, Server: panel.Server{ID: id, Label: "A1-0" + id, Hostname: "free.ds", IP: "192.0.2." + id}})
	}
}

// state is only good for what the mocks need inside one task.
func (w *world) state() struct{ Ask int } { return struct{ Ask int }{1} }
