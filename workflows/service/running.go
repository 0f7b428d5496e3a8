package service

import (
	"fmt"
	"time"

	"metalease/internal/hostname"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// acts is the decision on a signal by which somebody has something done with a running server.
func acts(kind string) func(*State, api.Event, time.Time) decision {
	return func(s *State, event api.Event, now time.Time) decision { return s.decideRunning(kind, event, now) }
}

// decideRunning takes a wish, joins it to the same one that is under way, or says why it is not now.
// What it says is shown to customers.
func (s *State) decideRunning(kind string, event api.Event, now time.Time) decision {
	a := newAction(kind, event, now)
	if faults := event.RunningFaults(kind); len(faults) > 0 {
		return ignored(faults[0].Field + " " + faults[0].Reason)
	}
	if event.Recipe != "" && event.Actor.Kind == api.ActorClient {
		return ignored("recipe is for staff") // the panel takes none from a customer (docs/dcimanager.md 3.6)
	}
	if why := s.notNow(); why != "" {
		return ignored(why)
	}
	if kind == api.SignalReinstall && !hostname.Same(event.Confirm, s.Server.Hostname) {
		return ignored(fmt.Sprintf("confirm must be %s, the host name of the server: all its data will be lost", s.Server.Hostname))
	}
	busy := s.Acting.Now
	switch {
	case s.installsOrder():
		return ignored("the server is being installed")
	case a.tooLate(now):
		return ignored(longAgo(a))
	case kind == api.SignalAddresses && s.Acting.Next != nil:
		return s.queue(a)
	case busy == nil:
		s.Acting.Now = a
		return pending()
	case busy.same(a) && busy.Watched:
		return applied(underWay(busy))
	case busy.same(a):
		return pending()
	case kind == api.SignalAddresses:
		return s.queue(a)
	}
	return ignored(underWay(busy))
}

func underWay(a *Action) string {
	return a.What + " is under way since " + a.Since.UTC().Format(time.RFC3339)
}

func longAgo(a *Action) string {
	return fmt.Sprintf("it was asked for at %s and not begun within %s: ask again", a.Wish.At.UTC().Format(time.RFC3339), running.WishLasts)
}

// queue has a change of addresses wait for its turn, together with one that waits already: of each
// count and name the newer word is done.
func (s *State) queue(a *Action) decision {
	next := s.Acting.Next
	if next == nil {
		s.Acting.Next = a
		return pending()
	}
	if !next.asked(a) {
		return ignored(fmt.Sprintf("more than %d names wait to be changed", api.LimitDomains))
	}
	return pending()
}

// dropNext gives up the change of addresses that waits.
func (s *State) dropNext(why string) {
	if s.Acting.Next == nil {
		return
	}
	s.Journal.settleNewest(superseded(why), api.SignalAddresses, s.Acting.Next.Joined)
	s.Acting.Next = nil
}

// installsOrder tells whether the panel installs the server for the order still, though it was handed over.
func (s *State) installsOrder() bool { return s.installing() && !s.Server.Install.Anew }

// notNow is why nothing can be done with the server now, in words for its customer; empty when it can.
func (s *State) notNow() string {
	if why := s.ends(); why != "" {
		return why
	}
	switch {
	case s.Life.Phase == api.PhaseWaiting:
		return "the order waits for a server"
	case s.Life.Phase != api.PhaseActive && s.Life.Phase != api.PhaseBlocked:
		return "the server is being built"
	case s.Server == nil, s.Life.Unseen && s.Life.Blind:
		return "whose the server is has to be found out first"
	case s.wantsBlock():
		return "the server is blocked: " + s.Blocks.reason()
	case s.unsettled():
		return "the server is being unblocked: ask again in a moment"
	}
	return ""
}

// ends is why the service has no server for much longer; empty when it keeps it.
func (s *State) ends() string {
	switch {
	case s.Life.Phase == api.PhaseReleased:
		return "the server was given back"
	case s.Life.over(), s.Operator.Terminate != nil:
		return "the server is being given back"
	case s.Operator.Detach != nil:
		return "the service is leaving metalease"
	}
	return ""
}
