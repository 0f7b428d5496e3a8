package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"metalease/dcim/profile"
	"metalease/dcim/proving"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/server"
)

const panelCheckText = `Asks a panel about itself, by reads alone: what its lists and forms show, how it refuses, how fast it is. Each line is one fact: what metalease takes for granted, what was seen, and what that means for you. Lines that only a change can tell need the drill.

Nothing secret or personal is printed, so the output can be sent to others. Of one call the login is refused, on purpose.

With panels[].profile in the configuration the answers are kept there, and the worker goes by them when it starts next. What contradicts that file is exit code 1, and the file stays; --renew writes it anew.`

func (c *commandLine) panelCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "check NAME [--renew] [--json]", Short: "Ask a panel about itself, by reads alone", Long: panelCheckText,
		Example: "starter panel check fra1\nstarter panel check fra1 --json > fra1.json", Args: oneArgument("one panel, by its configured name"), ValidArgsFunction: c.completePanel,
	}
	renew := cmd.Flags().Bool("renew", false, "write the profile anew where the panel contradicts it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.panelCheck(cmd.Context(), args[0], *renew) }
	return cmd
}

// ofThePanel is a panel of the configuration, for questions about itself.
func (c *commandLine) ofThePanel(name string) (*config.Config, config.Panel, error) {
	cfg, err := config.Load(c.configFile, config.ForPanel)
	if err != nil {
		return nil, config.Panel{}, err
	}
	panel, there := cfg.Panel(name)
	if !there {
		return nil, panel, aboutPanel(name, control.ErrUnknownPanel)
	}
	return cfg, panel, nil
}

// narrate tells people how far a check or drill has come.
func (c *commandLine) narrate(text string) { _, _ = fmt.Fprintln(c.Err, text) }

func (c *commandLine) panelCheck(ctx context.Context, name string, renew bool) error {
	cfg, panel, err := c.ofThePanel(name)
	if err != nil {
		return err
	}
	prover, err := server.Prover(panel)
	if err != nil {
		return err
	}
	prover.Say = c.narrate
	kept, err := c.readProfile(panel)
	if err != nil {
		return err
	}
	report, err := prover.Check(ctx)
	if err != nil {
		return err
	}
	return c.tellPanel(cfg, panel, report, kept, renew)
}

func (c *commandLine) readProfile(panel config.Panel) (profile.Profile, error) {
	if panel.Profile == "" {
		return profile.Profile{}, nil
	}
	return profile.Read(panel.Profile)
}

// tellPanel prints what was seen, and keeps it.
func (c *commandLine) tellPanel(cfg *config.Config, panel config.Panel, report *proving.Report, kept profile.Profile, renew bool) error {
	against := kept.Contradictions(report.Seen)
	merged := kept.Merge(panel.Name, report.Seen)
	rows, fits := proving.Rows(report, kept), proving.Fits(merged, settingsOf(cfg, panel))
	if c.asJSON {
		err := c.print(struct {
			Facts          []proving.Row   `json:"facts"`
			Settings       []proving.Fit   `json:"settings"`
			Contradictions []string        `json:"contradictions,omitempty"`
			Report         *proving.Report `json:"report"`
		}{rows, fits, against, report})
		if err != nil {
			return err
		}
	} else if err := c.writeReport(report, rows, fits); err != nil {
		return err
	}
	if len(against) > 0 && !renew {
		return aboutPanel(panel.Name, contradiction(panel, against, kept, report.Seen))
	}
	if panel.Profile == "" {
		_, _ = fmt.Fprintf(c.Err, "Not kept: set profile: %s.profile.yaml at this panel in the configuration.\n", panel.Name)
		return nil
	}
	if err := merged.Write(panel.Profile); err != nil {
		return fmt.Errorf("the profile was not written: %w", err)
	}
	_, _ = fmt.Fprintf(c.Err, "Kept in %s; the worker goes by it when it starts next.\n", panel.Profile)
	return nil
}

// errContradicted is a panel that is not as its profile says.
var errContradicted = errors.New("it contradicts its profile")

func contradiction(panel config.Panel, lines []string, kept profile.Profile, seen map[string]profile.Seen) error {
	var all []string
	for _, id := range lines {
		all = append(all, fmt.Sprintf("%s was %q and is %q", id, kept.Value(id), seen[id].Value))
	}
	return fmt.Errorf("%w %s: %s; if the panel was changed: starter panel check %s --renew", errContradicted, panel.Profile, strings.Join(all, ", "), panel.Name)
}

func settingsOf(cfg *config.Config, panel config.Panel) proving.Settings {
	return proving.Settings{InstallSettle: cfg.Timing.InstallSettle, PowerTimeout: cfg.Timing.PowerTimeout,
		ReleaseTimeout: cfg.Timing.ReleaseTimeout, Tick: cfg.Timing.Tick, Rate: panel.Rate}
}

func (c *commandLine) writeReport(r *proving.Report, rows []proving.Row, fits []proving.Fit) error {
	table, told, differ := [][]string{{"FACT", "EXPECTED", "SEEN", "WHAT IT MEANS"}}, 0, 0
	for _, row := range rows {
		seen := cmp.Or(row.Seen, none)
		if row.Seen != "" {
			told++
		}
		if row.Differs {
			differ++
			seen += " (differs)"
		}
		table = append(table, []string{row.Question, cmp.Or(row.Expected, none), seen, row.Means})
	}
	if err := c.table(table); err != nil {
		return err
	}
	w := c.Out
	_, _ = fmt.Fprintf(w, "\n%d of %d facts are known, %d of them differ from what is taken for granted\n", told, len(rows), differ)
	if n := r.Counts; n.Servers > 0 {
		_, _ = fmt.Fprintf(w, "%d servers: %d free, %d owned, %d blocked; %d accounts of customers, %d templates; longest notes of those read: %d characters\n",
			n.Servers, n.Free, n.Owned, n.Blocked, n.Accounts, n.Templates, n.LongestNotes)
		_, _ = fmt.Fprintf(w, "fields of the list: %s\nfields of the form: %s\n", strings.Join(r.ListFields, " "), strings.Join(r.FormFields, " "))
	}
	for _, call := range r.Calls {
		if call.Result != "ok" {
			_, _ = fmt.Fprintf(w, "%s: %s: give the API account the right to it, or what needs it stays unknown\n", call.Function, call.Result)
		}
	}
	for _, note := range r.Notes {
		_, _ = fmt.Fprintln(w, "note: "+note)
	}
	return c.writeFits(fits)
}

func (c *commandLine) writeFits(fits []proving.Fit) error {
	if len(fits) == 0 {
		return nil
	}
	_, _ = fmt.Fprintln(c.Out)
	rows := [][]string{{"SETTING", "NOW", "FITS", "", "WHY"}}
	for _, f := range fits {
		word := "change it"
		if f.OK {
			word = "good"
		}
		rows = append(rows, []string{f.Setting, f.Now, f.Least, word, f.Why})
	}
	return c.table(rows)
}

// keptProfile is what was seen of a panel; nil where nothing is kept.
func (c *commandLine) keptProfile(name string) (*profile.Profile, error) {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return nil, err
	}
	panel, _ := cfg.Panel(name)
	kept, err := c.readProfile(panel)
	if err != nil || len(kept.Facts) == 0 {
		return nil, err
	}
	return &kept, nil
}

// writeProfile tells what of a panel is known, and in what it is not as is taken for granted.
func writeProfile(w io.Writer, name string, kept *profile.Profile) {
	if kept == nil {
		_, _ = fmt.Fprintf(w, "  nothing is known of its ways: starter panel check %s\n\n", name)
		return
	}
	var newest string
	var differ []string
	for _, row := range proving.Rows(&proving.Report{}, *kept) {
		if row.Differs {
			differ = append(differ, row.Fact+" "+row.Seen)
		}
		if at := utc(kept.Facts[row.Fact].At); row.Seen != "" {
			newest = max(newest, at)
		}
	}
	_, _ = fmt.Fprintf(w, "  profile: %d facts, seen until %s UTC", len(kept.Facts), newest)
	if len(differ) > 0 {
		_, _ = fmt.Fprintf(w, "; unlike most: %s", strings.Join(differ, ", "))
	}
	_, _ = fmt.Fprint(w, "\n\n")
}
