package service

import (
	"cmp"
	"time"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// stepAccount finds or makes the client's account.
func (l *lifecycle) stepAccount() error {
	answer, interrupted, err := l.askAccount()
	if err != nil || interrupted {
		return err
	}
	if answer.Code == edge.ErrClient && l.movedFrom != l.s.Order.ClientID {
		l.movedFrom, l.s.Life.Unseen = l.s.Order.ClientID, true // WHMCS has moved the service
		return nil
	}
	if answer.Code != "" {
		l.s.Life.Unseen, l.s.Life.Blind = true, true // the username may be corrected in WHMCS
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

// neverAsks tells the allocator, which expects the order, that it does not come now.
// The word is delivered at once: a server is kept for the order until then.
func (l *lifecycle) neverAsks() {
	l.run.Post(entity.Letter{To: fleet.InventoryWorkflowID(l.s.Order.Panel), Signal: message.SignalWithdraw,
		Input: message.Withdrawal{ServiceID: l.s.Order.ServiceID}})
	l.run.Flush()
}

// askAccount asks the account entity until it answers. The look may have asked already.
func (l *lifecycle) askAccount() (message.AccountReply, bool, error) {
	asked := l.asked
	l.asked = false
	if !asked {
		l.inbox.account = nil
	}
	for pause := l.firstRepeat(); !l.mayContinueAsNew(); pause = nextRepeat(pause) {
		if !asked {
			if err := l.tell("ask for the account of the client", l.toAccount()); err != nil {
				return message.AccountReply{}, false, err
			}
		}
		asked = false
		answered := l.awaitOrRepeat(l.now().Add(pause), "ask for the account or the server again",
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

// toAccount asks for the account of the client.
func (l *lifecycle) toAccount() engine.Message {
	o := l.s.Order
	return engine.Message{
		WorkflowID: api.AccountWorkflowID(o.Panel, o.ClientID), WorkflowType: api.TypeAccount, TaskQueue: api.QueueWorkflows,
		Signal: message.SignalRequest, Input: message.AccountRequest{ServiceID: o.ServiceID, Had: l.s.Account},
		Start: message.AccountStart{Panel: o.Panel, ClientID: o.ClientID, Settings: l.s.Settings},
	}
}

// longestRepeat bounds the pauses between repeats of an unanswered request. Most
// answers come at once; repeats are for an entity that was lost.
const longestRepeat = 30 * time.Minute

func (l *lifecycle) firstRepeat() time.Duration { return time.Duration(l.s.Settings.Repeat) }

func nextRepeat(pause time.Duration) time.Duration { return max(pause, min(2*pause, longestRepeat)) }
