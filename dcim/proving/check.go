package proving

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

const (
	// samples is how many servers are looked at closely.
	samples = 4
	// nobody is an id that no panel gives to a server.
	nobody = "999999999"
	// clockOff is how much the panel's clock may differ from ours.
	clockOff = 2 * time.Minute
	// levelCustomer is the level of an ordinary user (docs/dcimanager.md 3.1).
	levelCustomer = "16"
)

// flags are those of the list (docs/dcimanager.md 3.2).
var flags = []string{"blocked", "disabled", "hwproblem", "diag_in_progress", "poweron", "poweroff", "powererror", "install_in_progress", "operation_failed"}

// checker is one check.
type checker struct {
	*Prover
	teller
	self  dcim.Account
	users []dcim.Account
	rows  []dci5.Element
	// plain is true while no answer held anything but ASCII, odd once one was not what it said.
	plain, odd bool
}

// Check asks by reads alone, so it may be run beside production, and in observe mode. Errors are
// those of a panel that does not answer or does not take our credentials.
func (p *Prover) Check(ctx context.Context) (*Report, error) {
	self, err := p.Client.Self(ctx)
	if err != nil {
		return nil, err
	}
	c := &checker{Prover: p, self: self, plain: true, teller: teller{newReport(p.Client.Name()), byCheck, p.now}}
	for _, step := range []struct {
		say string
		run func(context.Context) error
	}{
		{"users", c.readUsers}, {"the list of servers", c.readList}, {"a filter of the list", c.readFiltered}, {"single servers", c.readServers}, {"templates", c.readTemplates},
		{"traffic", c.readTraffic}, {"refusals", c.readRefusals},
	} {
		p.say("asking for " + step.say)
		if err := step.run(ctx); err != nil {
			return nil, err
		}
	}
	c.told("certificate", p.Client.Trust())
	c.told("call-time", c.usual().String())
	c.tellEncoding()
	c.finish()
	return c.Report, nil
}

// look is one read. One that the panel refuses is an answer.
func (c *checker) look(ctx context.Context, function string, params ...string) (dci5.Answer, error) {
	a, err := c.Client.Look(ctx, function, params...)
	if err != nil && !dcim.AboutOne(err) {
		return a, err
	}
	call := Call{Function: function, Result: "ok", Bytes: a.Bytes, Millis: a.Took.Milliseconds()}
	switch {
	case err != nil:
		call.Result = dcim.KindOf(err).String()
	case a.Refused != nil:
		call.Result = "refused: " + a.Refused.Type
	}
	c.Calls = append(c.Calls, call)
	c.heard(a)
	return a, nil
}

// usual is what a call took in the middle of all, beside the list.
func (c *checker) usual() time.Duration {
	var took []int64
	for _, call := range c.Calls {
		if call.Function != "server" {
			took = append(took, call.Millis)
		}
	}
	slices.Sort(took)
	return max(time.Millisecond, time.Duration(took[len(took)/2])*time.Millisecond)
}

func (c *checker) heard(a dci5.Answer) {
	switch {
	case a.Encoding != "" && !strings.EqualFold(a.Encoding, utf8Name):
		c.told("encoding", a.Encoding)
		c.told("encoding-declared", "yes")
	case !a.Text:
		c.odd = true
	case slices.ContainsFunc(a.Raw, func(b byte) bool { return b >= 0x80 }):
		c.plain = false
	}
	if a.Date.IsZero() || c.Seen["clock"].Value == "wrong" {
		return
	}
	if off := time.Since(a.Date); off.Abs() > clockOff {
		c.told("clock", "wrong")
	} else {
		c.told("clock", "right")
	}
}

const utf8Name = "UTF-8"

func (c *checker) tellEncoding() {
	switch _, told := c.Seen["encoding"]; {
	case told:
	case c.odd:
		c.told("encoding-declared", "no")
	case !c.plain:
		c.told("encoding", utf8Name)
		c.told("encoding-declared", "yes")
	}
}

func (c *checker) readUsers(ctx context.Context) error {
	a, err := c.look(ctx, "user")
	if err != nil {
		return err
	}
	root := false
	for _, row := range a.Doc.Rows() {
		user := dcim.Account{ID: row.Get("id"), Name: row.Get("name")}
		c.users = append(c.users, user)
		root = root || user.Name == "root"
		if row.Get("level") == levelCustomer {
			c.Counts.Accounts++
		}
		if user == c.self {
			c.told("admin-level", row.Get("level"))
		}
	}
	c.yes("root-listed", root)
	return nil
}

func (c *checker) readList(ctx context.Context) error {
	a, err := c.look(ctx, "server")
	if err != nil {
		return err
	}
	if a.Refused != nil {
		return a.Refused
	}
	c.told("list-time", max(time.Millisecond, a.Took.Round(time.Millisecond)).String())
	c.told("list-size", strconv.Itoa(a.Bytes))
	c.rows = a.Doc.Rows()
	c.Counts.Servers = len(c.rows)
	for _, row := range c.rows {
		c.readRow(row)
	}
	slices.Sort(c.ListFields)
	servers, err := c.Client.Servers(ctx)
	for _, server := range servers {
		if server.Free() {
			c.Counts.Free++
		}
	}
	return err
}

func (c *checker) readRow(row dci5.Element) {
	for _, name := range row.Fields() {
		if len(c.ListFields) < manyFields && !slices.Contains(c.ListFields, name) {
			c.ListFields = append(c.ListFields, name)
		}
	}
	if owner := row.Get("owner"); owner != "" {
		c.Counts.Owned++
		c.told("owner-in-list", dci5.Spelled(owner, c.users))
	}
	if row.Has("blocked") || row.Has("disabled") {
		c.Counts.Blocked++
	}
	switch {
	case row.Has("disabled") && row.Has("blocked"):
		c.told("blocked-flags", "blocked and disabled")
	case row.Has("disabled"):
		c.told("blocked-flags", "disabled")
	}
	if row.Has("notes") {
		c.told("notes-in-list", "yes")
	}
	for _, flag := range flags {
		if row.Has(flag) && c.Seen["flag-text"].Value == "" {
			c.told("flag-text", flagText(row.Get(flag)))
		}
	}
}

// manyFields is how many names of fields are told.
const manyFields = 60

func flagText(text string) string {
	switch text {
	case "on":
		return "on"
	case "":
		return "none"
	}
	return "other"
}

func (c *checker) readTemplates(ctx context.Context) error {
	a, err := c.look(ctx, "osmgr")
	if err != nil {
		return err
	}
	rows := a.Doc.Rows()
	c.Counts.Templates = len(rows)
	switch {
	case len(rows) == 0:
	case rows[0].Get("id") != "":
		c.told("template-ids", "id")
	case rows[0].Get("name") != "":
		c.told("template-ids", "name")
	}
	return nil
}

func (c *checker) readTraffic(ctx context.Context) error {
	if _, err := c.look(ctx, "trafficburstable"); err != nil {
		return err
	}
	a, err := c.look(ctx, "traffic", "sok", "ok", "period", "currentmonth")
	if err != nil {
		return err
	}
	for _, row := range a.Doc.Rows() {
		switch {
		case row.Attr("rx", "orig") != "":
			c.told("traffic-bytes", "bytes")
			return nil
		case row.Has("rx"):
			c.told("traffic-bytes", "GiB")
		}
	}
	return nil
}

// readRefusals asks for what is refused: a server that is not there, and a call of somebody whom
// the panel does not know. One such call is no attack, and bans nobody.
func (c *checker) readRefusals(ctx context.Context) error {
	a, err := c.look(ctx, "server.edit", "elid", nobody)
	if err != nil {
		return err
	}
	c.Calls = c.Calls[:len(c.Calls)-1] // a refusal is what is wanted of this one
	// An account without the right to the form is refused it whatever the server.
	if a.Refused != nil && a.Refused.Object == "elid" && len(c.FormFields) > 0 {
		c.told("missing-error-type", a.Refused.Type)
		c.told("error-status", strconv.Itoa(a.Status))
	}
	a, err = c.Client.Stranger().Look(ctx, "user")
	if err != nil && !errors.Is(err, dcim.ErrNotAPanel) {
		return err
	}
	if a.Refused != nil {
		c.told("auth-error-type", a.Refused.Type)
	}
	return nil
}
