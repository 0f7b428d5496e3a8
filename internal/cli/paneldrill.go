package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"metalease/activities/holding"
	"metalease/dcim/proving"
	"metalease/internal/audit"
	"metalease/internal/config"
	"metalease/internal/server"
	"metalease/workflows/api"
)

const panelDrillText = `Tries on one free server what only a change can tell: mark and notes, host name, an address of each family, power, block and unblock, login keys, with --install an install that is cancelled; and how long the panel takes to show each. You name the server by typing its label.

The server is taken by a mark of its own, so that no order gets it, and everything is put back at the end, also after an error or Ctrl-C. After a crash --undo puts it back. What --install leaves are disks without a working system. Each change, and its taking back, is a line of log.audit_file, or of metalease-drill-NAME.audit.json beside the journal. A server that is not free is refused, and nothing is written to any other one.

It writes in observe mode too: to this server, by this command. It takes some minutes.`

// drillFlags are those of a drill.
type drillFlags struct {
	server, confirm, install, group, journal string
	undo                                     bool
}

func (c *commandLine) panelDrillCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "drill NAME --server ID [--install TEMPLATE] | --undo", Short: "Try one free server of a panel out, and put everything back", Long: panelDrillText,
		Example: "starter panel drill fra1 --server 12 --install ISPsystem__Debian-12-x86_64\nstarter panel drill fra1 --undo",
		Args:    oneArgument("one panel, by its configured name"), ValidArgsFunction: c.completePanel,
	}
	var f drillFlags
	cmd.Flags().StringVar(&f.server, "server", "", "the free server, by its `ID` in the panel")
	cmd.Flags().StringVar(&f.install, "install", "", "install this OS `TEMPLATE`, and cancel that: the server's disks are lost")
	cmd.Flags().StringVar(&f.group, "group", "public", "address `GROUP` from which an address is taken for a moment")
	cmd.Flags().StringVar(&f.confirm, "confirm", "", "the `LABEL` of the server, for scripts; without it you are asked")
	cmd.Flags().StringVar(&f.journal, "journal", "", "`FILE` by which a drill is undone (default metalease-drill-NAME.json beside the configuration)")
	cmd.Flags().BoolVar(&f.undo, "undo", false, "put back the server of a drill that was cut short")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case f.undo && f.server != "":
			return wrongUsage("panel drill takes --server or --undo, not both")
		case !f.undo && f.server == "":
			return wrongUsage("panel drill needs --server: the id of a free server")
		}
		return c.panelDrill(cmd.Context(), args[0], f)
	}
	return cmd
}

func (c *commandLine) panelDrill(ctx context.Context, name string, f drillFlags) error {
	cfg, panel, err := c.ofThePanel(name)
	if err != nil {
		return err
	}
	plan, err := c.drillPlan(cfg, panel, f)
	if err != nil {
		return err
	}
	prover, written, err := server.Driller(cfg, panel, strings.TrimSuffix(plan.Journal, ".json")+".audit.json")
	if err != nil {
		return err
	}
	prover.Say = c.narrate
	ctx = audit.By(ctx, api.Actor{Kind: api.ActorStaff, Name: whoami()}, "starter", "starter panel drill "+name)
	if f.undo {
		server, err := prover.Undo(ctx, plan)
		if err != nil {
			return aboutPanel(name, err)
		}
		return c.say("server %s of panel %s is as it was before the drill", server, name)
	}
	kept, err := c.readProfile(panel)
	if err != nil {
		return err
	}
	candidate, err := prover.Inspect(ctx, f.server)
	if err != nil {
		return aboutPanel(name, err)
	}
	if err := c.confirmDrill(ctx, panel, f, candidate.Label); err != nil {
		return err
	}
	report, err := prover.Drill(ctx, plan)
	if report == nil {
		return aboutPanel(name, err)
	}
	c.narrate("each change, and its taking back, is a line of " + written)
	told := c.tellPanel(cfg, panel, report, kept, true)
	if errors.Is(err, context.Canceled) {
		err = fmt.Errorf("%w: %w", errInterrupted, err)
	}
	if err != nil {
		return aboutPanel(name, err)
	}
	return told
}

// drillPlan is what the flags ask for. The mark is one of no service: those begin at 1.
func (c *commandLine) drillPlan(cfg *config.Config, panel config.Panel, f drillFlags) (proving.Plan, error) {
	if f.journal == "" {
		file, err := config.Find(c.configFile)
		if err != nil {
			return proving.Plan{}, err
		}
		f.journal = filepath.Join(filepath.Dir(file), "metalease-drill-"+panel.Name+".json")
	}
	plan := proving.DefaultPlan(panel.Timeout)
	plan.Server, plan.Group, plan.Template, plan.Journal = f.server, f.group, f.install, f.journal
	plan.Holder = strings.TrimSpace(holding.Mark{Installation: cfg.Installation}.String())
	return plan, nil
}

// confirmDrill wants the label that stands on the server; the id where it has none.
func (c *commandLine) confirmDrill(ctx context.Context, panel config.Panel, f drillFlags, label string) error {
	if label == "" {
		label = f.server
	}
	if f.confirm == "" && !c.canAsk() {
		return wrongUsage("panel drill needs --confirm with the label of server %s, for there is nobody to ask", f.server)
	}
	loss := "it is switched on and off, blocked and unblocked"
	if f.install != "" {
		loss += ", and what is on its disks is lost: the install of " + f.install + " is begun and cancelled, so that no working system is left on it"
	}
	c.narrate(fmt.Sprintf("Server %s of panel %s is drilled: %s.", f.server, panel.Name, loss))
	if panel.Mode == config.ModeObserve {
		c.narrate("The panel is only observed: the worker writes nothing, and this drill to this server alone.")
	}
	if f.confirm == "" {
		_, _ = fmt.Fprintf(c.Err, "Type its label (%s) to go on: ", label)
		f.confirm = c.line(ctx)
	}
	if f.confirm != label {
		return fmt.Errorf("nothing done: the label of server %s is another one", f.server)
	}
	return nil
}

// line is what a person types. Ctrl-C is nothing.
func (c *commandLine) line(ctx context.Context) string {
	typed := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(c.In).ReadString('\n') // what ended before the line did was not typed to its end
		typed <- strings.TrimSpace(text)
	}()
	select {
	case text := <-typed:
		return text
	case <-ctx.Done():
		return ""
	}
}
