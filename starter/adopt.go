package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	onpanel "metalease/activities/panel"
	"metalease/internal/control"
	"metalease/whmcs"
	"metalease/workflows/api"
)

// adopted is one line of the answer.
type adopted struct {
	onpanel.Adoption
	Outcome string `json:"outcome"`
	failed  bool
}

// adopt takes services over from ISPsystem's module, as they are.
func (c *commandLine) adopt(ctx context.Context, args []string) error {
	panel := c.flags.String("panel", "", "the panel of the servers, by `NAME`; needed when the configuration has several")
	services := c.flags.IntSlice("service", nil, "WHMCS service `ID`; may be repeated")
	product := c.flags.Int("product", 0, "all services of this WHMCS product, by `ID`")
	file := c.flags.String("file", "", "read the records of the old module from `FILE`, JSON as its page answers, instead of from WHMCS")
	dry := c.flags.Bool("dry-run", false, "only show what would be done")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.configurable()
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	question := onpanel.AdoptionQuestion{Services: *services, Product: *product}
	if err := readRecords(*file, &question); err != nil {
		return err
	}
	if given := countTrue(len(*services) > 0, *product > 0, *file != ""); given != 1 {
		return wrongUsage("adopt takes one of --service, --product and --file")
	}
	ctl, name, done, err := c.openPanel(ctx, *panel)
	if err != nil {
		return err
	}
	defer done()
	plans, err := ctl.Adoptions(ctx, name, question, c.progress("looked at"))
	if err != nil {
		return aboutPanel(name, err)
	}
	rows := make([]adopted, len(plans))
	tell := c.progress("adopted")
	for i, plan := range plans {
		rows[i] = c.adoptOne(ctx, ctl, name, plan, *dry)
		if !*dry {
			tell(i+1, len(plans))
		}
	}
	return c.reportAdopted(rows, *dry)
}

func countTrue(all ...bool) int {
	n := 0
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}

// readRecords takes the records as the module's page answers them, or the bare list.
func readRecords(file string, into *onpanel.AdoptionQuestion) error {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var answer struct {
		Records []whmcs.IspsystemRecord `json:"records"`
	}
	if json.Unmarshal(text, &answer) != nil || len(answer.Records) == 0 {
		if err := json.Unmarshal(text, &answer.Records); err != nil || len(answer.Records) == 0 {
			return wrongUsage(`%s holds no records: {"records": [{"service_id": 101, "server_id": "12"}]}`, file)
		}
	}
	into.Records = answer.Records
	return nil
}

// progress tells on a terminal how far long work has come.
func (c *commandLine) progress(what string) func(done, total int) {
	return func(done, total int) {
		if total > 1 {
			_, _ = fmt.Fprintf(c.errOut, "%s %d of %d\n", what, done, total)
		}
	}
}

// adoptLimit is how long one adoption may take before its row says that it goes on.
const adoptLimit = time.Minute

func (c *commandLine) adoptOne(ctx context.Context, ctl *control.Control, panel string, plan onpanel.Adoption, dry bool) adopted {
	row := adopted{Adoption: plan}
	switch {
	case plan.Problem != "":
		row.Outcome, row.failed = "not adopted: "+plan.Problem, true
		return row
	case dry:
		row.Outcome = "would be " + string(phaseOf(plan.Blocked))
		if (plan.Status == "Suspended") != plan.Blocked {
			row.Outcome += ", with attention: WHMCS shows " + plan.Status
		}
		return row
	}
	started, err := ctl.Adopt(ctx, panel, plan)
	switch {
	case err != nil:
		row.Outcome, row.failed = err.Error(), true
		return row
	case !started:
		row.Outcome = "already adopted"
		return row
	}
	limited, cancel := context.WithTimeout(ctx, adoptLimit)
	defer cancel()
	status, err := ctl.AwaitAdopted(limited, plan.ServiceID)
	switch {
	case err != nil:
		row.Outcome, row.failed = "started; "+err.Error(), true
	case status.Attention != nil:
		row.Outcome, row.failed = string(status.Phase)+", needs attention: "+status.Attention.Message, status.Phase == api.PhaseAttention
	default:
		row.Outcome = string(status.Phase)
	}
	return row
}

func phaseOf(blocked bool) api.Phase {
	if blocked {
		return api.PhaseBlocked
	}
	return api.PhaseActive
}

func (c *commandLine) reportAdopted(rows []adopted, dry bool) error {
	failed := 0
	table := [][]string{{"SERVICE", "CLIENT", "WHMCS", "SERVER", "ADDRESS", "ACCOUNT", "OUTCOME"}}
	for _, r := range rows {
		if r.failed {
			failed++
		}
		table = append(table, []string{strconv.Itoa(r.ServiceID), strconv.Itoa(r.ClientID), or(r.Status), or(r.Server.ID), or(r.Server.IP), or(r.Account.Name), r.Outcome})
	}
	var err error
	switch {
	case c.asJSON:
		err = c.print(rows)
	case len(rows) == 0:
		err = c.say("there is nothing to adopt")
	default:
		err = writeTable(c.out, table)
	}
	if err != nil || failed == 0 || dry {
		return err
	}
	return fmt.Errorf("%d of %d services were not adopted", failed, len(rows))
}
