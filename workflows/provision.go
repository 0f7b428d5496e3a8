package workflows

import (
	"slices"
	"time"

	"metalease/activities"
)

// provision does one step of the build, or waits for the person who must decide
// before the next one.
func (l *lifecycle) provision() {
	l.returnStrays()
	if l.s.Terminate != nil {
		l.abandon(l.s.Terminate.Reason)
		return
	}
	switch {
	case l.s.Phase == PhaseAttention:
		if !l.decided() {
			return
		}
	case l.s.Retry != nil || l.s.Accept != nil:
		l.answerPerson() // a notice that did not stop the build was seen
	}
	step := l.s.Step
	l.begin(step)
	var err error
	switch step {
	case StepAccount:
		err = l.stepAccount()
	case StepClaim:
		err = l.stepClaim()
	case StepAddresses:
		err = l.stepAddresses()
	case StepPower:
		err = l.stepPower()
	case StepInstall:
		err = l.stepInstall()
	case StepHandOver:
		err = l.stepHandOver()
	}
	switch {
	case err == nil:
	case typeOf(err) == activities.ErrNotPending:
		l.abandon(problemOf(err).message)
	default:
		l.stuck(err)
	}
}

// begin and next keep the times of the steps.
func (l *lifecycle) begin(step Step) {
	if n := len(l.s.Steps); n > 0 && l.s.Steps[n-1].Step == step && l.s.Steps[n-1].Ended.IsZero() {
		return
	}
	l.s.Steps = slices.DeleteFunc(l.s.Steps, func(t StepTime) bool { return slices.Index(Steps, t.Step) >= slices.Index(Steps, step) })
	l.s.Steps = append(l.s.Steps, StepTime{Step: step, Began: l.now()})
}

func (l *lifecycle) next(step Step, note string) {
	if n := len(l.s.Steps); n > 0 {
		l.s.Steps[n-1].Ended = l.now()
	}
	l.s.Step = step
	if note != "" {
		l.note(note)
	}
}

// decided waits for a person and does what they chose; true lets the build go on.
func (l *lifecycle) decided() bool {
	l.await(l.interrupted)
	switch {
	case l.s.Terminate != nil || l.s.Leaving != nil:
		return false
	case l.s.Accept != nil:
		return l.accept()
	}
	return l.retry()
}

// accept skips the install: a technician did it by hand.
func (l *lifecycle) accept() bool {
	wish := *l.s.Accept
	l.s.Accept = nil
	switch {
	case wish.ServerID != "" && l.s.Server != nil && wish.ServerID != l.s.Server.ID:
		l.s.settle(ignored("the service holds server "+l.s.Server.ID+": use retry with replace and this server_id"), SignalAccept)
		return false
	case wish.ServerID == "" && l.s.Server == nil:
		l.s.settle(ignored("the service holds no server: name one with server_id"), SignalAccept)
		return false
	}
	l.clearAttention()
	l.s.settle(applied(""), SignalAccept)
	l.s.SkipInstall = true
	if l.s.Server == nil {
		l.s.Named = wish.ServerID
		return true
	}
	l.cancelWatch()
	l.s.Step = StepHandOver
	return true
}

// retry tries again what stopped, on another server when asked.
func (l *lifecycle) retry() bool {
	wish := *l.s.Retry
	l.s.Retry = nil
	if wish.ServerID != "" && (l.s.Server == nil || wish.Replace) {
		l.s.Named = wish.ServerID
	}
	if wish.Replace && l.s.Server != nil {
		return l.replace("replaced by a person")
	}
	if l.s.Step == StepInstall && l.s.Install.Attempt > 0 {
		if err := l.reconsiderInstall(); err != nil {
			l.s.settle(ignored(problemOf(err).message), SignalRetry)
			l.stuck(err)
			return false
		}
	}
	l.clearAttention()
	l.s.settle(applied(""), SignalRetry)
	return true
}

// replace quarantines the server and goes back to claiming, unless its install
// ended well in the meantime.
func (l *lifecycle) replace(why string) bool {
	l.s.Retry = nil
	id := l.s.Server.ID
	if l.s.Install.Attempt > 0 {
		seen, err := result[activities.Watched](l, l.onBuild("look at server "+id+" once more"), onPanel.InspectInstall, l.work())
		if err == nil && seen.Progress == activities.InstallFinished && l.s.Step == StepInstall && l.s.InstallSeen {
			l.installed(seen)
			l.s.settle(applied("the install ended well in the meantime"), SignalRetry)
			return true
		}
	}
	l.cancelWatch()
	err := l.run0(l.onUrgent("quarantine server "+id), onPanel.Quarantine,
		activities.QuarantineInput{Target: l.target(), Reason: why, FreeAddresses: true})
	if err != nil && typeOf(err) != activities.ErrOwnership {
		l.s.settle(ignored(problemOf(err).message), SignalRetry)
		l.stuck(err)
		return false
	}
	l.note("server " + id + " quarantined: " + why)
	l.tellReleased(id)
	l.clearAttention()
	l.s.settle(applied(""), SignalRetry)
	l.s.Exclude = append(l.s.Exclude, id)
	l.s.Server = nil
	l.s.InstallAsked, l.s.InstallSeen = false, false
	l.s.Phase = PhasePending
	l.next(StepClaim, "")
	return true
}

// abandon ends a build: what was claimed is given back.
func (l *lifecycle) abandon(why string) {
	if l.s.Asking && !l.withdraw() {
		return // a server was granted meanwhile; the next round gives it back
	}
	l.clearAttention()
	l.note("the build stops: " + why)
	l.s.Ready = false
	l.s.Release = ReleaseState{Why: why}
	l.s.Phase = PhaseReleasing
}

// stepAccount checks the order in WHMCS, looks for a server that the service
// already has, and finds or makes the client's account.
func (l *lifecycle) stepAccount() error {
	if !l.s.Checked {
		view, err := result[activities.OrderView](l, l.onWHMCS("check the order in WHMCS"), onWHMCS.CheckOrder, l.ref())
		if err != nil {
			return err
		}
		l.s.Username = view.Username
		if err := l.adopt(); err != nil {
			return err
		}
		l.s.Checked = true
	}
	answer, interrupted, err := l.askAccount()
	if err != nil || interrupted {
		return err
	}
	if answer.Code != "" {
		l.s.Checked = false // the username may be corrected in WHMCS
		l.attend(orElse(codes[answer.Code], "failed"), answer.Why, SignalRetry, SignalTerminate)
		l.s.Phase = PhaseAttention
		return nil
	}
	l.s.Account = answer.Account
	step := StepClaim
	if l.s.Resume != "" {
		step, l.s.Resume = l.s.Resume, ""
	}
	l.next(step, "account "+answer.Account.Name+": "+orElse(answer.Why, "found"))
	return nil
}

// adopt finds the server that an earlier life of this service left behind.
func (l *lifecycle) adopt() error {
	found, err := result[activities.Found](l, l.onBuild("look for a server with this service's mark"), onPanel.FindServer,
		activities.FindInput{ServiceID: l.s.Order.ServiceID, Account: l.s.Username, Thorough: l.s.Order.Restart})
	if err != nil || found.Machine == nil {
		return err
	}
	l.hold(*found.Machine)
	l.note("server " + found.Machine.ID + " carries this service's mark (" + found.State + "): adopted")
	mark := activities.Mark{State: found.State}
	switch {
	case mark.Is(activities.StateReleasing):
		l.s.Server.Label = found.Machine.Label
		l.abandon("server " + found.Machine.ID + " was being released")
	case found.HandedOver || mark.Is(activities.StateActive):
		l.s.Resume = StepHandOver
	case mark.Is(activities.StateInstalling):
		l.s.Install.Attempt, l.s.InstallAsked = activities.InstallNumber(mark), true
		l.s.Resume = StepInstall
	default:
		l.s.Resume = StepAddresses
	}
	return nil
}

func (l *lifecycle) hold(m activities.Machine) {
	l.s.Server = &Server{ID: m.ID, Label: m.Label, Hostname: m.Hostname, IP: m.IP, ExtraIPs: []string{}}
}

// askAccount asks the account entity until it answers.
func (l *lifecycle) askAccount() (accountReply, bool, error) {
	l.inbox.account = nil
	o := l.s.Order
	for pause := l.firstRepeat(); !l.mayContinueAsNew(); pause = nextRepeat(pause) {
		err := l.tell("ask for the account of client", activities.Message{
			WorkflowID: AccountWorkflowID(o.Panel, o.ClientID), WorkflowType: TypeAccount,
			Signal: signalRequest, Input: accountRequest{ServiceID: o.ServiceID},
			Start: AccountInput{Panel: o.Panel, ClientID: o.ClientID, Settings: l.s.Settings},
		})
		if err != nil {
			return accountReply{}, false, err
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
	return accountReply{}, true, nil
}

// longestRepeat bounds the pauses between repeats of an unanswered request. Most
// answers come at once; repeats are for an entity that was lost.
const longestRepeat = 30 * time.Minute

func (l *lifecycle) firstRepeat() time.Duration { return time.Duration(l.settings.Repeat) }

func nextRepeat(pause time.Duration) time.Duration { return max(pause, min(2*pause, longestRepeat)) }

// stepAddresses brings the server to its ordered addresses and hostname.
func (l *lifecycle) stepAddresses() error {
	addresses, err := result[activities.Addresses](l, l.onBuild("assign addresses to server "+l.s.Server.ID), onPanel.AssignAddresses, l.work())
	if err != nil {
		return err
	}
	l.addressed(addresses)
	step := StepPower
	if l.s.SkipInstall {
		step = StepHandOver
	}
	l.next(step, "addresses set: "+addresses.Main+plus(len(addresses.Extra)))
	return nil
}

func (l *lifecycle) addressed(a activities.Addresses) {
	l.s.Server.IP, l.s.Server.ExtraIPs, l.s.Server.Hostname = a.Main, a.Extra, l.s.Order.Domain
}

// stepPower enables the server and powers it on.
func (l *lifecycle) stepPower() error {
	if err := l.run0(l.onWatch("power on server "+l.s.Server.ID), onPanel.PowerUp, l.work()); err != nil {
		return err
	}
	l.next(StepInstall, "powered on")
	return nil
}

// returnStrays gives back servers that were granted to nobody who waits.
func (l *lifecycle) returnStrays() {
	strays := l.inbox.stray
	l.inbox.stray = nil
	for _, machine := range strays {
		target := activities.Target{ServiceID: l.s.Order.ServiceID, ServerID: machine.ID}
		if err := l.run0(l.onUrgent("give back server "+machine.ID), onPanel.ReturnClaim, target); err != nil {
			l.note("server " + machine.ID + " was granted twice and could not be given back: " + problemOf(err).message)
			continue
		}
		l.tellReleased(machine.ID)
	}
}
