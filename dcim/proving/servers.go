package proving

import (
	"context"
	"net/netip"
	"slices"
	"unicode/utf8"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

// sample are servers that show different things: one that somebody owns, one that nobody does, one
// that is blocked, and the first ones.
func (c *checker) sample() []dci5.Element {
	var chosen []dci5.Element
	var ids []string
	take := func(rows ...dci5.Element) {
		for _, row := range rows {
			if id := row.Get("id"); id != "" && len(chosen) < samples && !slices.Contains(ids, id) {
				chosen, ids = append(chosen, row), append(ids, id)
			}
		}
	}
	for _, wanted := range []func(dci5.Element) bool{
		func(r dci5.Element) bool { return r.Get("owner") != "" },
		func(r dci5.Element) bool { return r.Get("owner") == "" },
		func(r dci5.Element) bool { return r.Has("disabled") },
	} {
		if i := slices.IndexFunc(c.rows, wanted); i >= 0 {
			take(c.rows[i])
		}
	}
	take(c.rows...)
	return chosen
}

func (c *checker) readServers(ctx context.Context) error {
	for _, row := range c.sample() {
		id := row.Get("id")
		for _, read := range []func() error{
			func() error { return c.readForm(ctx, id, row) },
			func() error { return c.readConnections(ctx, id) },
			func() error { return c.readAddresses(ctx, id, row.Get("ip")) },
			func() error { _, err := c.look(ctx, "server.operations", "elid", id); return err },
		} {
			if err := read(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) readForm(ctx context.Context, id string, row dci5.Element) error {
	a, err := c.look(ctx, "server.edit", "elid", id)
	if err != nil || a.Refused != nil {
		return err
	}
	for _, name := range a.Doc.Fields() {
		if len(c.FormFields) < manyFields && !slices.Contains(c.FormFields, name) {
			c.FormFields = append(c.FormFields, name)
		}
	}
	slices.Sort(c.FormFields)
	c.told("owner-in-form", dci5.Spelled(a.Doc.Get("owner"), c.users))
	if a.Doc.Has("type") && row.Has("type") && c.Seen["form-type"].Value != "other" {
		same := "other"
		if a.Doc.Get("type") == row.Get("type") {
			same = "text"
		}
		c.told("form-type", same)
	}
	notes := a.Doc.Get("notes")
	c.Counts.LongestNotes = max(c.Counts.LongestNotes, utf8.RuneCountInString(notes))
	if notes != "" && !row.Has("notes") {
		c.told("notes-in-list", "no")
	}
	return nil
}

func (c *checker) readConnections(ctx context.Context, id string) error {
	a, err := c.look(ctx, "server.connection", "elid", id)
	if err != nil {
		return err
	}
	for _, row := range a.Doc.Rows() {
		switch row.Get("type") {
		case dcim.PortSwitch:
			if c.Seen["switch-names"].Value == "yes" {
				continue
			}
			form, err := c.look(ctx, "server.connection.edit", "plid", id, "elid", row.Get("id"))
			if err != nil {
				return err
			}
			if form.Refused == nil {
				c.yes("switch-names", form.Doc.Get("switch") != "")
			}
		case dcim.PortIPMI, "":
		default:
			c.told("pdu-type", row.Get("type"))
		}
	}
	return nil
}

// readAddresses compares how list and address list spell the main address, if it is one of IPv6.
func (c *checker) readAddresses(ctx context.Context, id, main string) error {
	a, err := c.look(ctx, "iplist", "elid", id)
	if err != nil {
		return err
	}
	for _, row := range a.Doc.Rows() {
		c.tellSpelling(main, row.Get("ip"))
	}
	return nil
}

// tellSpelling compares two texts of one IPv6 address.
func (t teller) tellSpelling(text, other string) {
	one, err := netip.ParseAddr(text)
	if err != nil || !one.Is6() {
		return
	}
	if two, err := netip.ParseAddr(other); err != nil || one != two {
		return
	}
	if text == other {
		t.told("ipv6-spelling", "same")
	} else {
		t.told("ipv6-spelling", "differs")
	}
}

// readFiltered asks for the servers of a label in the way of sister products, and for those of a part
// of it (docs/dcimanager.md 2.5).
func (c *checker) readFiltered(ctx context.Context) error {
	i := slices.IndexFunc(c.rows, func(r dci5.Element) bool { return len(r.Get("name")) > 1 })
	if i < 0 || len(c.rows) < 2 {
		return nil
	}
	label := c.rows[i].Get("name")
	whole, err := c.look(ctx, "server", "filter", "on", "name", label)
	if err != nil {
		return err
	}
	part, err := c.look(ctx, "server", "filter", "on", "name", label[:len(label)-1])
	if err != nil {
		return err
	}
	if stays, err := c.filterStays(ctx); err != nil || stays {
		return err
	}
	there := func(a dci5.Answer) bool {
		return slices.ContainsFunc(a.Doc.Rows(), func(r dci5.Element) bool { return r.Get("name") == label })
	}
	switch rows := len(whole.Doc.Rows()); {
	case whole.Refused != nil:
		c.told("list-filter", "refused")
	case rows == len(c.rows):
		c.told("list-filter", "ignored")
	case there(whole) && there(part):
		c.told("list-filter", "contains")
	case there(whole):
		c.told("list-filter", "exact")
	}
	return nil
}

// filterStays tells whether the list is filtered still, and takes the filter back.
func (c *checker) filterStays(ctx context.Context) (bool, error) {
	short := func(params ...string) (bool, error) {
		a, err := c.look(ctx, "server", params...)
		return err == nil && a.Refused == nil && len(a.Doc.Rows()) < len(c.rows), err
	}
	stays, err := short()
	if err != nil || !stays {
		return false, err
	}
	c.told("list-filter", "stays")
	if _, err := short("filter", "on"); err != nil { // a filter of nothing
		return true, err
	}
	if stays, err = short(); err == nil && stays {
		c.Notes = append(c.Notes, "the list of servers is filtered still: sign in to the panel as the API account and take the filter off, or metalease sees a part of them")
	}
	return true, err
}
