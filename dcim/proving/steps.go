package proving

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

// readBack looks how list and form show what the claim wrote.
func (d *drill) readBack(ctx context.Context) error {
	users, err := d.Client.Look(ctx, "user")
	if err != nil {
		return err
	}
	for _, row := range users.Doc.Rows() {
		d.users = append(d.users, dcim.Account{ID: row.Get("id"), Name: row.Get("name")})
	}
	row, err := d.row(ctx)
	if err != nil {
		return err
	}
	form, err := d.Client.Look(ctx, "server.edit", "elid", d.plan.Server)
	if err != nil {
		return err
	}
	d.told("owner-in-list", dci5.Spelled(row.Get("owner"), d.users))
	d.told("owner-in-form", dci5.Spelled(form.Doc.Get("owner"), d.users))
	d.yes("notes-in-list", strings.Contains(row.Get("notes"), d.plan.Holder))
	return nil
}

const (
	// probed are two letters of which no old encoding has both.
	probed = "drill:Ж:é:end"
	// longNotes is how long notes are tried, in characters.
	longNotes = 2000
)

// writeNotes tries letters, a line break, and a long text, each below the mark.
func (d *drill) writeNotes(ctx context.Context) error {
	if err := d.change(ctx, "notes", func() error { return d.save(ctx, d.notes("")+"\n"+probed) }); err != nil {
		return err
	}
	a, err := d.Client.Look(ctx, "server.edit", "elid", d.plan.Server)
	if err != nil {
		return err
	}
	d.tellEncoding(a)
	switch notes := a.Doc.Get("notes"); {
	case strings.Contains(notes, "\r\ndrill:"):
		d.told("notes-newline", "CR LF")
	case strings.Contains(notes, "\ndrill:"):
		d.told("notes-newline", "LF")
	case strings.Contains(notes, "drill:"):
		d.told("notes-newline", "changed")
	}
	long := d.notes("") + "\n"
	long += strings.Repeat("x", longNotes-utf8.RuneCountInString(long))
	if err := d.save(ctx, long); err != nil {
		return err
	}
	record, err := d.Client.Record(ctx, d.plan.Server)
	if err != nil {
		return err
	}
	d.told("notes-limit", "none")
	if kept := utf8.RuneCountInString(record.Notes); kept < longNotes {
		d.told("notes-limit", strconv.Itoa(kept))
	}
	return d.save(ctx, d.notes(""))
}

// old are encodings that panels may write, by their names in answers.
var old = []string{"windows-1251", "koi8-r", "windows-1252", "ibm866", "iso-8859-2", "iso-8859-5", "windows-1250", "windows-1254"}

// tellEncoding finds the encoding in which a text comes back that is known.
func (d *drill) tellEncoding(a dci5.Answer) {
	said := a.Encoding
	if said == "" {
		said = utf8Name
	}
	if letters(a.Raw, said) > 0 {
		d.told("encoding", said)
		d.told("encoding-declared", "yes")
		if strings.EqualFold(said, utf8Name) {
			d.told("encoding", utf8Name)
		}
		return
	}
	if !bytes.Contains(a.Raw, []byte("drill:")) {
		return // the notes were cut, or are not shown
	}
	best, most := "", 0
	for _, name := range append([]string{"utf-8"}, old...) {
		if n := letters(a.Raw, name); n > most {
			best, most = name, n
		}
	}
	d.told("encoding", best)
	d.yes("encoding-declared", best == "")
}

// letters counts the probed letters that an encoding makes of an answer.
func letters(raw []byte, name string) int {
	encoding, err := htmlindex.Get(name)
	if err != nil {
		return 0
	}
	text, err := encoding.NewDecoder().Bytes(raw)
	if err != nil {
		return 0
	}
	n := 0
	for _, part := range []string{"drill:Ж:", ":é:end"} {
		if bytes.Contains(text, []byte(part)) {
			n++
		}
	}
	return n
}

// change notes a change in the journal before it is made. Its errors are those of the change.
func (d *drill) change(ctx context.Context, what string, make func() error) error {
	if err := d.journal.note(what); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return make()
}

// name gives the main address a name with capitals, and looks whether it becomes the host name.
func (d *drill) name(ctx context.Context) error {
	hostname := d.journal.hostname()
	since := d.Prover.now()
	if err := d.change(ctx, "host name", func() error {
		return d.writes().NameAddress(ctx, d.plan.Server, d.journal.Before.Main, hostname)
	}); err != nil {
		return err
	}
	var shown string
	_, err := d.await(ctx, since, func(row dci5.Element) bool {
		shown = row.Get("hostname")
		return strings.EqualFold(shown, hostname)
	})
	switch {
	case errors.Is(err, errLate):
		d.told("hostname-is-domain", "no")
		return nil
	case err != nil:
		return err
	}
	d.told("hostname-is-domain", "yes")
	d.told("hostname-case", "as sent")
	if shown != hostname {
		d.told("hostname-case", "in lower case")
	}
	return nil
}

// addAddresses adds one address of each family and takes it away again.
func (d *drill) addAddresses(ctx context.Context) error {
	for _, family := range []string{dcim.IPv4, dcim.IPv6} {
		var added dcim.Address
		err := d.change(ctx, "an address of "+family, func() (err error) {
			added, err = d.writes().AddAddress(ctx, d.plan.Server, dcim.NewAddress{Domain: d.journal.hostname(), Group: d.plan.Group, Family: family})
			return err
		})
		if e, refused := errors.AsType[*dcim.Error](err); refused && dcim.Refused(err) {
			if e.Object == "ip" || dcim.KindOf(err) == dcim.KindLimit {
				d.told("pool-error-type", e.Type)
			}
			d.Notes = append(d.Notes, "no address of "+family+" could be added: "+refusal(err))
			continue
		}
		if err != nil {
			return err
		}
		a, err := d.Client.Look(ctx, "iplist", "elid", d.plan.Server)
		if err != nil {
			return err
		}
		for _, row := range a.Doc.Rows() {
			d.tellSpelling(added.IP, row.Get("ip"))
		}
		if err := d.writes().DeleteAddress(ctx, d.plan.Server, added.ID); err != nil {
			return err
		}
	}
	return nil
}

// signIn tries login keys, a browser, and the console, as the API account.
func (d *drill) signIn(ctx context.Context) error {
	again, err := d.Client.ReusesKeys(ctx)
	if err != nil {
		return skip(&d.teller, "key-reuse", err)
	}
	d.told("key-reuse", "once")
	if again {
		d.told("key-reuse", "several times")
	}
	without, err := d.Client.SignsInBrowsers(ctx, false)
	if err != nil {
		return skip(&d.teller, "browser-cookie", err)
	}
	always, err := d.Client.SignsInBrowsers(ctx, true)
	switch {
	case err != nil:
		return skip(&d.teller, "browser-cookie", err)
	case always:
		d.told("browser-cookie", "always")
	case without:
		d.told("browser-cookie", "with checkcookie=no")
	}
	answer, err := d.Client.ConsoleAnswer(ctx, d.self, d.plan.Server)
	if err != nil {
		return skip(&d.teller, "console", err)
	}
	d.told("console", answer)
	return nil
}

// skip leaves a fact out that the panel does not let us see.
func skip(t *teller, fact string, err error) error {
	if dcim.KindOf(err) == dcim.KindNone || errors.Is(err, dcim.ErrUnreachable) {
		return err
	}
	t.Unanswered[fact] = "not seen: " + refusal(err)
	return nil
}

func (d *drill) took(fact string, took time.Duration) { d.told(fact, took.String()) }
