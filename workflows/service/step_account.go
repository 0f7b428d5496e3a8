package service

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// stepAccount checks the order in WHMCS, looks for a server that the service
// already has, and finds or makes the client's account.
func (l *lifecycle) stepAccount() error {
	if !l.s.Checked {
		view, err := result[billing.OrderView](l, l.onWHMCS("check the order in WHMCS"), call.Billing.CheckOrder, l.ref())
		if err != nil {
			return err
		}
		l.s.Username = view.Username
		if err := l.adopt(); err != nil {
			return err
		}
		if l.s.Phase == api.PhaseReleasing {
			return nil // what an earlier life left half released comes first
		}
		l.s.Checked = true
	}
	answer, interrupted, err := l.askAccount()
	if err != nil || interrupted {
		return err
	}
	if answer.Code != "" {
		l.s.Checked = false // the username may be corrected in WHMCS
		l.attend(message.OrElse(api.AttentionCodes[answer.Code], "failed"), answer.Why, api.SignalRetry, api.SignalTerminate)
		l.s.Phase = api.PhaseAttention
		l.neverAsks()
		return nil
	}
	l.s.Account = answer.Account
	step := api.StepClaim
	if l.s.Resume != "" {
		step, l.s.Resume = l.s.Resume, ""
		l.neverAsks()
	}
	l.next(step, "account "+answer.Account.Name+": "+message.OrElse(answer.Why, "found"))
	return nil
}

// adopt finds the server that an earlier life of this service left behind.
func (l *lifecycle) adopt() error {
	found, err := result[panel.Found](l, l.onBuild("look for a server with this service's mark"), call.Panel.FindServer,
		panel.FindInput{ServiceID: l.s.Order.ServiceID, Account: l.s.Username, Thorough: l.s.Order.Restart})
	if err != nil || found.Server == nil {
		return err
	}
	l.hold(*found.Server)
	l.note("server " + found.Server.ID + " carries this service's mark (" + found.State + "): adopted")
	mark := holding.Mark{State: found.State}
	switch {
	case mark.Is(holding.StateReleasing):
		l.s.Server.Label = found.Server.Label
		l.abandon("server " + found.Server.ID + " was being released")
		l.s.Release.Rebuild = true
	case found.HandedOver || mark.Is(holding.StateActive):
		l.s.Resume = api.StepHandOver
	case mark.Is(holding.StateInstalling):
		l.s.Install.Attempt, l.s.InstallAsked = panel.InstallNumber(mark), true
		l.s.Resume = api.StepInstall
	default:
		l.s.Resume = api.StepAddresses
	}
	return nil
}

func (l *lifecycle) hold(m panel.Server) {
	l.s.Server = &api.Server{ID: m.ID, Label: m.Label, Hostname: m.Hostname, IP: m.IP, ExtraIPs: []string{}}
}

// neverAsks tells the allocator, which expects the order, that it does not come now.
// Nobody waits for the word, and a lost one costs two minutes.
func (l *lifecycle) neverAsks() {
	workflow.SignalExternalWorkflow(l.ctx, api.InventoryWorkflowID(l.s.Order.Panel), "", message.SignalWithdraw,
		message.Withdrawal{ServiceID: l.s.Order.ServiceID})
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

func (l *lifecycle) firstRepeat() time.Duration { return time.Duration(l.settings.Repeat) }

func nextRepeat(pause time.Duration) time.Duration { return max(pause, min(2*pause, longestRepeat)) }
