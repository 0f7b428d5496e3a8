package proving

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

// Plan says what a drill does.
type Plan struct {
	// Server is the id of a free one.
	Server string
	// Holder begins the line in the notes by which the drill holds the server, such as
	// metalease:main/service-0: a mark of no service, which every allocator leaves alone.
	Holder string
	// Group is the address group, Template the OS that is installed; empty: none is.
	Group, Template string
	// Journal is the file that outlives the drill when it is cut short.
	Journal string
	// Limit is how long a flag may take, Poll the time between two looks. Window is how long a claim
	// that was under way when the drill began may take to end.
	Limit, Poll, Window time.Duration
}

// drill is one that runs.
type drill struct {
	*Prover
	teller
	plan    Plan
	self    dcim.Account
	users   []dcim.Account
	journal *Journal
	// installs counts those that were asked for.
	installs int
}

// restoreTime is how long putting everything back may take at most.
const restoreTime = 30 * time.Minute

// Drill changes the server, looks, and puts everything back, also when the context ends. What it
// could not put back is an error that names the journal. The report is that of what was seen
// until then.
func (p *Prover) Drill(ctx context.Context, plan Plan) (report *Report, err error) {
	self, err := p.Client.Self(ctx)
	if err != nil {
		return nil, err
	}
	before, _, err := p.before(ctx, plan.Server)
	if err != nil {
		return nil, err
	}
	d := &drill{Prover: p, plan: plan, self: self, teller: teller{newReport(p.Client.Name()), byDrill, p.now}, journal: &Journal{
		Panel: p.Client.Name(), Server: plan.Server, Holder: plan.Holder, Began: p.now().UTC(), Before: before, file: plan.Journal}}
	if err := d.journal.create(); err != nil {
		return nil, err
	}
	err = d.run(ctx)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), restoreTime)
	defer cancel()
	err = errors.Join(err, p.undo(back, d.journal, plan))
	d.tellDisks(back)
	d.finish()
	return d.Report, err
}

// step is a part of a drill. What the panel refuses in one does not end the others.
type step struct {
	say string
	run func(context.Context) error
}

func (d *drill) run(ctx context.Context) error {
	if err := d.claim(ctx); err != nil {
		return err
	}
	steps := []step{
		{"reading back the owner", d.readBack}, {"writing notes", d.writeNotes}, {"naming the server", d.name}, {"adding and deleting addresses", d.addAddresses},
		{"login keys and browsers", d.signIn}, {"switching it on", d.powerOn}, {"blocking it", d.block}, {"power while it is blocked", d.blockedPower}, {"cancelling nothing", d.cancelIdle},
	}
	if d.plan.Template != "" {
		steps = append(steps, step{"installing it while it is blocked", d.blockedInstall})
	}
	steps = append(steps, step{"unblocking it", d.unblock})
	if d.plan.Template != "" {
		steps = append(steps, step{"installing and cancelling", d.install})
	}
	for i, s := range steps {
		d.say(fmt.Sprintf("%d of %d: %s", i+1, len(steps), s.say))
		if err := d.ours(ctx); err != nil {
			return err
		}
		if err := s.run(ctx); err != nil {
			if !dcim.Refused(err) {
				return fmt.Errorf("%s: %w", s.say, err)
			}
			d.Notes = append(d.Notes, s.say+": "+refusal(err))
		}
	}
	return nil
}

// refusal is a refusal without the panel's words, which may name somebody.
func refusal(err error) string {
	if e, is := errors.AsType[*dcim.Error](err); is {
		return fmt.Sprintf("%s was refused (%s)", e.Function, e.Type)
	}
	return "refused"
}

// claim takes the server like an allocator: owner and mark in one save, in one turn with a look,
// and read back. Another claimer may have looked before that save and save after it, so for as
// long as that can take nothing else is done, and then it is read again.
func (d *drill) claim(ctx context.Context) error {
	d.say("taking server " + d.plan.Server)
	err := d.writes().Update(ctx, d.plan.Server, func(r dcim.Record) (dcim.Change, error) {
		if r.ID != d.plan.Server || r.Owner != "" || r.Notes != d.journal.Before.Notes {
			return dcim.Change{}, fmt.Errorf("server %s: %w: somebody changed it a moment ago", d.plan.Server, ErrNotFree)
		}
		return dcim.Assign(d.self, d.notes("")), nil
	})
	switch {
	case dcim.Uncertain(err): // it may still be on its way, also after Ctrl-C: who looks too early leaves the server taken
		if err := d.sleep(context.WithoutCancel(ctx), d.plan.Window); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	if err := d.ours(ctx); err != nil {
		return err
	}
	if d.plan.Window > 0 {
		d.say(fmt.Sprintf("waiting %s for claims that may be under way", d.plan.Window))
		if err := d.sleep(ctx, d.plan.Window); err != nil {
			return err
		}
	}
	return nil
}

// notes are the mark of the drill above what staff wrote, so that notes that are cut keep it.
func (d *drill) notes(detail string) string {
	mark := fmt.Sprintf("%s quarantine %s starter panel drill; put back by --undo", d.plan.Holder, d.journal.Began.Format(time.DateOnly))
	if detail != "" {
		mark += " " + detail
	}
	if d.journal.Before.Notes == "" {
		return mark
	}
	return mark + "\n" + d.journal.Before.Notes
}

// save writes other notes into the server that the drill holds.
func (d *drill) save(ctx context.Context, notes string) error {
	return d.writes().Update(ctx, d.plan.Server, func(r dcim.Record) (dcim.Change, error) {
		if err := held(r, d.journal, d.self); err != nil {
			return dcim.Change{}, err
		}
		return dcim.Assign(d.self, notes), nil
	})
}

// held is the ownership check of a drill: this server, our account, and the drill's mark alone.
func held(r dcim.Record, j *Journal, self dcim.Account) error {
	switch {
	case r.ID != j.Server:
		return fmt.Errorf("the panel showed the form of another server; nothing was written")
	case !self.Owns(r.Owner):
		return fmt.Errorf("server %s does not belong to the API account any more; nothing was written", j.Server)
	case strings.Count(r.Notes, "metalease:") != 1 || !strings.HasPrefix(r.Notes, j.Holder):
		return fmt.Errorf("the notes of server %s do not carry the mark of the drill alone any more; nothing was written", j.Server)
	}
	return nil
}

// ours is held before each step, of the way back too, with a look at the host name: ISPsystem's module claims without
// looking, keeps the notes as they are and gives the server a name.
func (d *drill) ours(ctx context.Context) error {
	record, err := d.Client.Record(ctx, d.plan.Server)
	if err != nil {
		return err
	}
	if err := held(record, d.journal, d.self); err != nil {
		return err
	}
	server, err := d.Prover.server(ctx, d.plan.Server)
	if err != nil {
		return err
	}
	if !strings.EqualFold(server.Hostname, dcim.FreeHostname) && !strings.EqualFold(server.Hostname, d.journal.hostname()) {
		return fmt.Errorf("somebody has named server %s in the meantime; nothing was written", d.plan.Server)
	}
	return nil
}

// row is the server as the list shows it now.
func (d *drill) row(ctx context.Context) (dci5.Element, error) {
	a, err := d.Client.Look(ctx, "server")
	if err != nil {
		return dci5.Element{}, err
	}
	for _, row := range a.Doc.Rows() {
		if row.Get("id") == d.plan.Server {
			return row, nil
		}
	}
	return dci5.Element{}, fmt.Errorf("the panel does not list server %s any more", d.plan.Server)
}

// errLate is a flag that did not come in time.
var errLate = errors.New("the panel did not show it in time")

// await looks until the list shows something; the time is since it was asked for.
func (d *drill) await(ctx context.Context, since time.Time, shown func(dci5.Element) bool) (time.Duration, error) {
	for {
		row, err := d.row(ctx)
		took := d.Prover.now().Sub(since)
		switch {
		case err != nil:
			return 0, err
		case shown(row):
			return took.Round(time.Millisecond), nil
		case took > d.plan.Limit:
			return 0, fmt.Errorf("%w (%s)", errLate, d.plan.Limit)
		}
		if err := d.sleep(ctx, d.plan.Poll); err != nil {
			return 0, err
		}
	}
}
