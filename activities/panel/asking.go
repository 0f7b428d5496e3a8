package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/dcim"
)

// asking is one try to ask the panel for an install: what was known before, and how far it came.
type asking struct {
	install
	// again is true for the try after one of which the panel proves that nothing has begun.
	again bool
	// was is the template of the server before, server its row of a list.
	was    string
	server dcim.Server
	// password is root's; refused is why the install may not be asked for.
	password string
	refused  error

	// asked and noted are the install, and its number, that the mark announced before.
	asked seen
	noted int
	// heard is true for an install that may have been asked for already; it is only looked at.
	heard bool
	// announced is true once the mark was to be saved, sent once the request was to be made.
	announced, sent bool
	// state is what the mark says of it from then on.
	state seen
}

// ask announces an install in the mark and asks for it, in one turn: the record that shows whose the
// server is, and whether the install was announced before, is that of the save and of the request.
func (p *Panel) ask(ctx context.Context, a *asking) error {
	return p.backend.Turn(ctx, a.ServerID, 3, func(ctx context.Context) error {
		err := p.announce(ctx, a.ServerID, func(record dcim.Record) (dcim.Change, error) { return p.announcement(ctx, a, record) })
		if err != nil || a.heard {
			return err
		}
		a.sent = true
		return a.send(ctx, a.password)
	})
}

// announcement is the change that announces the install, unless it is only looked at.
func (p *Panel) announcement(ctx context.Context, a *asking, record dcim.Record) (dcim.Change, error) {
	have, err := a.check(record)
	if err == nil && !a.announced {
		err = a.decide(ctx, have)
	}
	if err != nil || a.heard {
		return dcim.Change{}, err
	}
	return p.stated(a.Target, have, have.owner, func(was string) string { return withInstall(was, a.number, a.state) }), nil
}

// decide reads the mark: the install may have been asked for already, or may not be, or is announced.
func (a *asking) decide(ctx context.Context, have holder) error {
	a.asked, a.noted = askedInstall(have.mark)
	if accepted, kept := edge.Recall[int](ctx, installKey); kept && a.noted == accepted {
		a.asked.accepted = true // the mark may not say so yet
	}
	again := a.again && a.noted == a.number && !a.asked.accepted && !a.asked.again
	a.heard = a.noted >= a.number && !again && !unsentBefore(ctx, a.noted) // also that of a run which has counted further and was reset
	switch {
	case a.heard:
		return nil
	case a.refused != nil:
		return a.refused
	case a.server.Installing:
		return a.busy()
	}
	if a.still != nil {
		if err := a.still(have); err != nil {
			return err
		}
	}
	a.state = seen{template: word(a.was), failed: a.server.OperationFailed, again: a.asked.again && a.noted == a.number || again}
	a.announced = true
	edge.Forget(ctx, unsentKey)
	return nil
}
