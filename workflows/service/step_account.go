package service

import (
	"cmp"
	"time"

	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
	"metalease/workflows/internal/operation"
)

// stepAccount checks the order in WHMCS, looks for a server that the service
// already has, and finds or makes the client's account.
func (l *lifecycle) stepAccount() error {
	if !l.s.Life.Checked {
		view, err := result[billing.OrderView](l, l.whmcs("check the order in WHMCS"), call.Billing.CheckOrder, l.ref())
		if err != nil {
			return err
		}
		l.s.Billing.Username = view.Username
		if err := l.findServer(); err != nil {
			return err
		}
		if l.s.Life.Phase == api.PhaseReleasing {
			return nil // what an earlier life left half released comes first
		}
		l.s.Life.Checked = true
	}
	answer, interrupted, err := l.askAccount()
	if err != nil || interrupted {
		return err
	}
	if answer.Code != "" {
		l.s.Life.Checked = false // the username may be corrected in WHMCS
		l.stop(api.AttentionOf(answer.Code).Code, answer.Why)
		l.neverAsks()
		return nil
	}
	l.s.Account = answer.Account
	step := api.StepClaim
	if l.s.Server != nil {
		step, l.s.Server.Resume = cmp.Or(l.s.Server.Resume, api.StepAddresses), ""
		l.neverAsks()
	}
	l.next(step, "account "+answer.Account.Name+": "+cmp.Or(answer.Why, "found"))
	return nil
}

// findServer finds the server that an earlier life of this service left behind, and says where
// the build goes on with it.
func (l *lifecycle) findServer() error {
	found, err := result[panel.Found](l, l.build("look for a server with this service's mark"), call.Panel.FindServer,
		panel.FindInput{ServiceID: l.s.Order.ServiceID, Account: l.s.Billing.Username, Thorough: l.s.Order.Restart})
	if err != nil || found.Server == nil {
		return err
	}
	l.s.Server = newServer(*found.Server)
	l.note("server " + found.Server.ID + " carries this service's mark (" + found.State + "): adopted")
	mark := holding.Mark{State: found.State}
	switch {
	case mark.Is(holding.StateReleasing):
		l.abandon("server " + found.Server.ID + " was being released")
		l.s.Release.Rebuild = true
	case found.HandedOver || mark.Is(holding.StateActive):
		l.s.Server.Resume = api.StepHandOver
	case mark.Is(holding.StateInstalling):
		l.s.Server.Install = operation.Install{State: operation.InstallRequested, Number: panel.InstallNumber(mark)}
		l.s.Request.Installs = max(l.s.Request.Installs, 1)
		l.s.Server.Resume = api.StepInstall
	default:
		l.s.Server.Resume = api.StepAddresses
	}
	return nil
}

// neverAsks tells the allocator, which expects the order, that it does not come now.
// The word is delivered at once: a server is kept for the order until then.
func (l *lifecycle) neverAsks() {
	l.run.Post(entity.Letter{To: fleet.InventoryWorkflowID(l.s.Order.Panel), Signal: message.SignalWithdraw,
		Input: message.Withdrawal{ServiceID: l.s.Order.ServiceID}})
	l.run.Flush()
}

// askAccount asks the account entity until it answers.
func (l *lifecycle) askAccount() (message.AccountReply, bool, error) {
	l.inbox.account = nil
	o := l.s.Order
	for pause := l.firstRepeat(); !l.mayContinueAsNew(); pause = nextRepeat(pause) {
		err := l.tell("ask for the account of client", engine.Message{
			WorkflowID: api.AccountWorkflowID(o.Panel, o.ClientID), WorkflowType: api.TypeAccount,
			Signal: message.SignalRequest, Input: message.AccountRequest{ServiceID: o.ServiceID},
			Start: message.AccountStart{Panel: o.Panel, ClientID: o.ClientID, Settings: l.s.Settings},
		})
		if err != nil {
			return message.AccountReply{}, false, err
		}
		answered := l.awaitUntil(l.now().Add(pause), "ask for the account again",
			func() bool { return l.inbox.account != nil || l.interrupted() })
		if reply := l.inbox.account; reply != nil {
			l.inbox.account = nil
			return *reply, false, nil
		}
		if answered {
			break
		}
	}
	return message.AccountReply{}, true, nil
}

// longestRepeat bounds the pauses between repeats of an unanswered request. Most
// answers come at once; repeats are for an entity that was lost.
const longestRepeat = 30 * time.Minute

func (l *lifecycle) firstRepeat() time.Duration { return time.Duration(l.s.Settings.Repeat) }

func nextRepeat(pause time.Duration) time.Duration { return max(pause, min(2*pause, longestRepeat)) }
