package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	onpanel "metalease/activities/panel"
	"metalease/internal/control"
)

// quarantine lists servers that were set aside, or returns one to stock.
func (c *commandLine) quarantine(ctx context.Context, args []string) error {
	panel := c.flags.String("panel", "", "the panel, by `NAME`; list without it shows all")
	reason := c.flags.String("reason", "", "with clear: why it is good again, in `WORDS`; needed")
	wait := duration(10 * time.Minute)
	c.flags.Var(&wait, "wait", "with clear: how long to wait for its end; it goes on in any case")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.configurable()
	verb, server, err := c.quarantineWords(args)
	if err != nil {
		return err
	}
	if verb == "clear" && (*panel == "" || strings.TrimSpace(*reason) == "") {
		return wrongUsage("quarantine clear needs --panel and --reason")
	}
	ctl, names, done, err := c.openPanels(ctx, *panel)
	if err != nil {
		return err
	}
	defer done()
	if verb == "list" {
		return c.listQuarantine(ctx, ctl, names)
	}
	err = ctl.ClearQuarantine(ctx, *panel, server, *reason, whoami(), time.Duration(wait))
	switch {
	case errors.Is(err, control.ErrStillClearing):
		return c.say("%s", err)
	case err != nil:
		return aboutPanel(*panel, err)
	}
	return c.say("server %s of panel %s is free", server, *panel)
}

// quarantineWords reads "list", or "clear SERVER".
func (c *commandLine) quarantineWords(args []string) (verb, server string, err error) {
	words, err := c.parseAny(args)
	switch {
	case err != nil:
		return "", "", err
	case len(words) == 1 && words[0] == "list":
		return "list", "", nil
	case len(words) == 2 && words[0] == "clear":
		return "clear", words[1], nil
	}
	return "", "", wrongUsage("quarantine takes list, or clear and one server id")
}

func (c *commandLine) listQuarantine(ctx context.Context, ctl *control.Control, panels []string) error {
	type row struct {
		Panel string `json:"panel"`
		onpanel.Quarantined
	}
	rows := []row{}
	for _, name := range panels {
		found, err := ctl.Quarantine(ctx, name)
		if err != nil {
			return aboutPanel(name, err)
		}
		for _, q := range found {
			rows = append(rows, row{name, q})
		}
	}
	switch {
	case c.asJSON:
		return c.print(rows)
	case len(rows) == 0:
		return c.say("no server is in quarantine")
	}
	table := [][]string{{"PANEL", "SERVER", "LABEL", "ADDRESS", "SINCE (UTC)", "SERVICE", "REASON"}}
	for _, q := range rows {
		since := "-"
		if !q.Since.IsZero() {
			since = q.Since.Format(time.DateOnly)
		}
		table = append(table, []string{q.Panel, q.ID, or(q.Label), or(q.IP), since, strconv.Itoa(q.ServiceID), q.Reason})
	}
	return writeTable(c.out, table)
}
