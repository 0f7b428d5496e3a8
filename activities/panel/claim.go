package panel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// SurveyInput says for which packages an allocator has waiters.
type SurveyInput struct {
	Wants []Want `json:"wants"`
	// Skip are servers that turned out not to be had.
	Skip []string `json:"skip,omitempty"`
	// Services are those that wait: a server that one of them has already is found by its mark.
	Services []int `json:"services,omitempty"`
}

// Survey looks at the panel once: candidates for the queue and counts for the
// stock. The list begins after the call, so it shows every claim and release
// that ended before.
func (p *Panel) Survey(ctx context.Context, in SurveyInput) (Survey, error) {
	survey, err := p.survey(ctx, in)
	return survey, edge.Convert(ctx, err)
}

func (p *Panel) survey(ctx context.Context, in SurveyInput) (Survey, error) {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return Survey{}, err
	}
	round, err := p.List.Fresh(ctx, true)
	if err != nil {
		return Survey{}, err
	}
	p.forgetOthers(round, api)

	counts := map[string]*PackageCount{}
	var order []string
	survey := Survey{Candidates: map[string][]string{}, AsOf: round.began.UTC()}
	var failed error
	round.each(func(server dcim.Server) {
		for _, want := range in.Wants {
			if server.Free() && !slices.Contains(in.Skip, server.ID) && server.Matches(want.Package) && len(survey.Candidates[want.Package]) < want.Count {
				survey.Candidates[want.Package] = append(survey.Candidates[want.Package], server.ID)
			}
		}
		name := server.ChassisTemplate
		if name == "" {
			name = server.Type
		}
		if name == "" || failed != nil {
			return
		}
		count, there := counts[name]
		if !there {
			count = &PackageCount{Package: name}
			counts[name] = count
			order = append(order, name)
		}
		failed = p.count(ctx, server, api, in, count, &survey)
	})
	if failed != nil {
		return Survey{}, failed
	}
	for _, name := range order {
		survey.Stock = append(survey.Stock, *counts[name])
	}
	return survey, nil
}

func (p *Panel) count(ctx context.Context, server dcim.Server, api holding.Account, in SurveyInput, count *PackageCount, survey *Survey) error {
	switch {
	case server.Free():
		count.Free++
	case holding.Owned(server.Owner, api):
		marks, err := p.marksOf(ctx, server.ID, false)
		switch dcim.KindOf(err) {
		case dcim.KindMissed, dcim.KindPanel, dcim.KindValue:
			count.Claimed++ // its form cannot be read: somebody's, and nothing that the others wait for
			return nil
		}
		if err != nil {
			return err
		}
		if len(marks) == 1 && marks[0].Is(holding.StateQuarantine) {
			count.Quarantined++
			return nil
		}
		count.Claimed++
		if len(marks) == 1 && marks[0].Installation == p.Installation && slices.Contains(in.Services, marks[0].ServiceID) &&
			!marks[0].Is(holding.StateReleasing) && !slices.Contains(in.Skip, server.ID) {
			if survey.Held == nil {
				survey.Held = map[int]string{}
			}
			survey.Held[marks[0].ServiceID] = server.ID
		}
	}
	return nil
}

// Claim turns one free server into one service's server: it requires the server
// free, or already held under this service's own mark, makes one save with owner
// and mark, and reads back. Only the allocator of the panel runs it.
func (p *Panel) Claim(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	result, err := p.claim(ctx, in)
	return result, edge.Convert(ctx, err)
}

func refused(code, format string, args ...any) ClaimResult {
	return ClaimResult{Outcome: ClaimRefused, Code: code, Why: fmt.Sprintf(format, args...)}
}

func taken(format string, args ...any) ClaimResult {
	return ClaimResult{Outcome: ClaimTaken, Why: fmt.Sprintf(format, args...)}
}

func (p *Panel) claim(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	service, err := p.Billing.Service(ctx, in.ServiceID)
	if whmcs.KindOf(err) == whmcs.KindNotFound {
		return refused(edge.ErrNotPending, "service %d is not in WHMCS any more", in.ServiceID), nil
	}
	if err != nil {
		return ClaimResult{}, err
	}
	if service.Status != whmcs.StatusPending {
		code, why := billing.NotPending(service)
		return refused(code, "%s", why), nil
	}
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return ClaimResult{}, err
	}
	form, err := p.Client.Form(ctx, in.ServerID)
	if dcim.KindOf(err) == dcim.KindMissed {
		return taken("server %s is not on panel %s", in.ServerID, p.Client.Name()), nil
	}
	if err != nil {
		return ClaimResult{}, err
	}
	mark := p.mark(in.ServiceID, holding.StateClaimed)
	marks := holding.ParseMarks(form.Notes())
	mine := len(marks) == 1 && marks[0].Installation == p.Installation && marks[0].ServiceID == in.ServiceID
	if form.ID() == in.ServerID && mine && holding.Owned(form.Owner(), api) && !marks[0].Is(holding.StateQuarantine) && !marks[0].Is(holding.StateReleasing) {
		return p.granted(ctx, in) // an earlier attempt saved, and its reply was lost
	}
	if result, gone := p.gone(form, in); gone {
		return result, nil
	}
	if other, err := p.heldElsewhere(ctx, in, api); err != nil {
		return ClaimResult{}, err
	} else if other != "" {
		in.ServerID = other
		return p.granted(ctx, in)
	}
	// The form shows neither hostname nor all flags: the list does, before and after.
	round, err := p.List.recent(ctx, recentList)
	if err == nil && !round.Servers[in.ServerID].Free() {
		round, err = p.List.Fresh(ctx, true) // it may have become free since
	}
	if err != nil {
		return ClaimResult{}, err
	}
	server := round.Servers[in.ServerID]
	if !server.Free() || !server.Matches(in.Package) {
		return taken("server %s is not a free %s: %s", in.ServerID, in.Package, describe(server)), nil
	}
	if !in.LastResort && unreliable(form.Notes(), p.Installation, time.Now()) {
		return ClaimResult{Outcome: ClaimUnreliable, Why: fmt.Sprintf("installs failed on server %s more than once lately", in.ServerID)}, nil
	}
	lost, err := p.seize(ctx, in, api, mark)
	if err != nil || lost.Outcome != "" {
		return lost, err
	}
	p.remember(in.ServerID, []holding.Mark{mark})
	result, err := p.granted(ctx, in)
	if err != nil || result.Outcome != ClaimGranted || result.Server.Hostname == holding.FreeHostname {
		return result, err
	}
	// Between list and save somebody gave the server a name: it is theirs.
	if err := p.returnClaim(ctx, in.target()); err != nil {
		return ClaimResult{}, err
	}
	return taken("server %s was named %s in the meantime", in.ServerID, result.Server.Hostname), nil
}

// seize saves owner and mark right after a last look at the form: while the list was read and
// others had their turn, somebody may have given the server away. An outcome says so.
func (p *Panel) seize(ctx context.Context, in ClaimRequest, api holding.Account, mark holding.Mark) (lost ClaimResult, err error) {
	err = p.Client.Together(ctx, func(ctx context.Context) error {
		form, err := p.Client.Form(ctx, in.ServerID)
		if err != nil {
			return err
		}
		var gone bool
		if lost, gone = p.gone(form, in); gone {
			return nil
		}
		form.SetOwner(api.ID)
		form.SetNotes(holding.WithMark(form.Notes(), mark))
		return p.Client.SaveForm(ctx, form)
	})
	return lost, err
}

// gone tells whether a form shows a server that somebody has, and who.
func (p *Panel) gone(form dcim.Form, in ClaimRequest) (ClaimResult, bool) {
	marks := holding.ParseMarks(form.Notes())
	switch {
	case form.ID() != in.ServerID:
		return taken("panel %s answered with server %q when asked for %s", p.Client.Name(), form.ID(), in.ServerID), true
	case len(marks) > 0:
		return taken("server %s is marked %s", in.ServerID, marks[0]), true
	case !holding.Nobody(form.Owner()):
		return taken("server %s belongs to %s", in.ServerID, form.Owner()), true
	}
	return ClaimResult{}, false
}

// heldElsewhere is a server that this process has seen under the service's mark: a claim of an
// allocator that was ended by force may have come through after its successor had looked.
func (p *Panel) heldElsewhere(ctx context.Context, in ClaimRequest, api holding.Account) (string, error) {
	for _, id := range p.marks.of(p.Installation, in.ServiceID) {
		if id == in.ServerID {
			continue
		}
		have, err := p.prove(ctx, Target{ServiceID: in.ServiceID, ServerID: id}, api)
		var lost *temporal.ApplicationError
		switch {
		case errors.As(err, &lost), dcim.KindOf(err) == dcim.KindMissed:
			continue // it was, and is not any more
		case err != nil:
			return "", err
		case !have.mark.Is(holding.StateQuarantine) && !have.mark.Is(holding.StateReleasing):
			return id, nil
		}
	}
	return "", nil
}

// recentList is how old a list may be that a claim relies on before it saves.
const recentList = 10 * time.Second

func (in ClaimRequest) target() Target {
	return Target{ServiceID: in.ServiceID, ServerID: in.ServerID}
}

// granted reads back what a claim wrote, and what the server is.
func (p *Panel) granted(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	if err := p.write(ctx, in.target(), func() error { return nil }); err != nil {
		var lost *temporal.ApplicationError
		if errors.As(err, &lost) && lost.Type() == edge.ErrOwnership {
			return taken("somebody else saved server %s in the same moment: %s", in.ServerID, lost.Message()), nil
		}
		return ClaimResult{}, err
	}
	round, err := p.List.Fresh(ctx, true)
	if err != nil {
		return ClaimResult{}, err
	}
	server, there := round.Servers[in.ServerID]
	if !there || server.HardwareProblem || server.Diagnostics {
		if err := p.returnClaim(ctx, in.target()); err != nil {
			return ClaimResult{}, err
		}
		return taken("server %s broke in the meantime: %s", in.ServerID, describe(server)), nil
	}
	return ClaimResult{Outcome: ClaimGranted, Server: *serverOf(server)}, nil
}

// describe says why a server is not offered.
func describe(server dcim.Server) string {
	switch {
	case !holding.Nobody(server.Owner):
		return "it belongs to " + server.Owner
	case server.IsBlocked():
		return "it is blocked"
	case server.HardwareProblem:
		return "it has a hardware problem"
	case server.Diagnostics:
		return "diagnostics are running"
	case server.Hostname != holding.FreeHostname:
		return "its hostname is " + server.Hostname
	}
	return "its configuration is " + server.ChassisTemplate + ", its type " + server.Type
}

// ReturnClaim gives back a server whose grant reached nobody. It does nothing
// when the service has begun to work on it.
func (p *Panel) ReturnClaim(ctx context.Context, t Target) error {
	return edge.Convert(ctx, p.returnClaim(ctx, t))
}

func (p *Panel) returnClaim(ctx context.Context, t Target) error {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return err
	}
	have, err := p.prove(ctx, t, api)
	if err != nil {
		return err
	}
	if have.mark.State != holding.StateClaimed {
		return nil
	}
	return p.giveUp(ctx, have)
}

// giveUp is the one save after which a server is nobody's: no owner and no mark.
func (p *Panel) giveUp(ctx context.Context, have proof) error {
	have.form.SetNoOwner()
	have.form.SetNotes(holding.WithoutMark(have.form.Notes(), have.mark))
	return p.Client.SaveForm(ctx, have.form)
}
