package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	onpanel "metalease/activities/panel"
	"metalease/internal/control"
	"metalease/whmcs"
	"metalease/workflows/api"
)

// adopted is one line of the answer.
type adopted struct {
	Panel string `json:"panel,omitempty"`
	onpanel.Adoption
	Outcome string `json:"outcome"`
	failed  bool
}

const adoptText = `Takes services over from ISPsystem's module, as they are: only a mark is written into the notes of each server, and customers notice nothing. What cannot be adopted is listed with the reason, and the rest goes on.

The records of the old module are read from WHMCS; --file gives them instead. Look at --dry-run first.

With --from-marks it begins all lifecycles anew from our own marks, where Temporal's database is lost: docs/restore.md. Every server's record is read once, four a second. Whatever mark, owner and WHMCS agree on goes on as it is; the others are listed with what a person can do, and so are services whose order WHMCS does not show. It may be interrupted and repeated: what runs is left alone.`

// adoptOptions say which services are taken over.
type adoptOptions struct {
	panel    string
	services []int
	product  int
	file     string
	marks    bool
	dry      bool
}

// adoptCommand takes services over from ISPsystem's module, as they are.
func (c *commandLine) adoptCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "adopt --service N | --product P | --file FILE | --from-marks [--panel NAME] [--dry-run] [--json]",
		Short: "Take services over from ISPsystem's module, as they are", Long: adoptText,
		Example: "starter adopt --product 7 --dry-run\nstarter adopt --product 7\nstarter adopt --service 101 --service 102\nstarter adopt --from-marks --dry-run", Args: noArgument,
	}
	var o adoptOptions
	cmd.Flags().IntSliceVar(&o.services, "service", nil, "WHMCS service `ID`; may be repeated")
	cmd.Flags().IntVar(&o.product, "product", 0, "all services of this WHMCS product, by `ID`")
	cmd.Flags().StringVar(&o.file, "file", "", "read the records of the old module from `FILE`, JSON as its page answers, instead of from WHMCS")
	cmd.Flags().BoolVar(&o.marks, "from-marks", false, "all services whose server carries our mark, on all panels or on the named one: after the loss of Temporal's database")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "only show what would be done")
	must(cmd.MarkFlagFilename("file", "json"))
	c.panelFlag(cmd, &o.panel, "the panel of the servers, by `NAME`; needed when the configuration has several, but for --from-marks")
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.adopt(cmd.Context(), o) }
	return cmd
}

func (c *commandLine) adopt(ctx context.Context, o adoptOptions) error {
	question := onpanel.AdoptionQuestion{Services: o.services, Product: o.product}
	if err := readRecords(o.file, &question); err != nil {
		return err
	}
	if chosen := countTrue(len(o.services) > 0, o.product > 0, o.file != "", o.marks); chosen != 1 {
		return wrongUsage("adopt takes one of --service, --product, --file and --from-marks")
	}
	if o.marks {
		return c.rebuild(ctx, o)
	}
	ctl, name, done, err := c.openPanel(ctx, o.panel)
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
		if ctx.Err() != nil {
			return errors.Join(c.reportAdopted(rows[:i], true), fmt.Errorf("%w; %d of %d services were not looked at", errInterrupted, len(plans)-i, len(plans)))
		}
		rows[i] = c.adoptOne(ctx, ctl, name, plan, o.dry)
		if !o.dry {
			tell(i+1, len(plans))
		}
	}
	return c.reportAdopted(rows, o.dry)
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

// adoptLimit is how long one adoption may take before its row says that it goes on.
const adoptLimit = time.Minute

func (c *commandLine) adoptOne(ctx context.Context, ctl *control.Control, panel string, plan onpanel.Adoption, dry bool) adopted {
	row := adopted{Adoption: plan}
	switch {
	case plan.Problem != "":
		row.Outcome, row.failed = "not adopted: "+plan.Problem, true
		return row
	case dry:
		row.Outcome = wouldBe(plan)
		return row
	}
	started, err := ctl.Adopt(ctx, panel, plan)
	row.await(ctx, ctl, started, err)
	return row
}

// wouldBe is what an adoption would come to.
func wouldBe(plan onpanel.Adoption) string {
	would := "would be " + string(phaseOf(plan.Blocked))
	if (plan.Status == string(whmcs.StatusSuspended)) != plan.Blocked {
		would += ", with attention: WHMCS shows " + plan.Status
	}
	return would
}

// await waits until an adoption that was started has come to its end, and says which.
func (row *adopted) await(ctx context.Context, ctl *control.Control, started bool, err error) {
	switch {
	case err != nil:
		row.Outcome, row.failed = err.Error(), true
		return
	case !started:
		row.Outcome = "already adopted"
		return
	}
	limited, cancel := context.WithTimeout(ctx, adoptLimit)
	defer cancel()
	status, err := ctl.AwaitAdopted(limited, row.ServiceID)
	switch {
	case err != nil:
		row.Outcome, row.failed = "started; "+err.Error(), true
	case status.Attention != nil:
		row.Outcome, row.failed = string(status.Phase)+", needs attention: "+status.Attention.Message, status.Phase == api.PhaseAttention
	default:
		row.Outcome = string(status.Phase)
	}
}

func phaseOf(blocked bool) api.Phase {
	if blocked {
		return api.PhaseBlocked
	}
	return api.PhaseActive
}

var adoptHeads = []string{"SERVICE", "CLIENT", "WHMCS", "SERVER", "ADDRESS", "ACCOUNT", "OUTCOME"}

func (row *adopted) cells() []string {
	return []string{idOr(row.ServiceID, none), idOr(row.ClientID, none), cmp.Or(row.Status, none), cmp.Or(row.Server.ID, none),
		cmp.Or(row.Server.IP, none), cmp.Or(row.Account.Name, none), row.Outcome}
}

func (c *commandLine) reportAdopted(all []adopted, dry bool) error {
	failed := 0
	rows := [][]string{adoptHeads}
	for _, r := range all {
		if r.failed {
			failed++
		}
		rows = append(rows, r.cells())
	}
	var err error
	switch {
	case c.asJSON:
		err = c.print(all)
	case len(all) == 0:
		err = c.say("there is nothing to adopt")
	default:
		err = c.table(rows)
	}
	if err != nil || failed == 0 || dry {
		return err
	}
	return fmt.Errorf("%d of %d services were not adopted", failed, len(all))
}
