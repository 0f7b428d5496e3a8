package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"metalease/internal/billingcheck"
	"metalease/internal/config"
	"metalease/internal/server"
	"metalease/internal/version"
)

const whmcsCheckText = `Asks WHMCS about itself: its version, each right that the API role needs, our module in it, server entries, products, and the automation settings that clash with the grace period. Nothing is changed: what writes is called with objects that are not there, and one line in the activity log says that it was asked. Anything that has to be repaired is exit code 1.`

// whmcsCommand holds the commands about WHMCS.
func (c *commandLine) whmcsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "whmcs check [--json]", Short: "Ask WHMCS about itself before it is trusted", Long: whmcsCheckText,
		Example: "starter whmcs check", Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrongUsage("whmcs takes check")
			}
			return unknownCommand(cmd, args[0])
		},
	}
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.AddCommand(&cobra.Command{
		Use: "check [--json]", Short: "Ask WHMCS about itself before it is trusted", Long: whmcsCheckText, Example: "starter whmcs check --json", Args: noArgument,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.whmcsCheck(cmd.Context()) },
	})
	return cmd
}

// errToRepair is a WHMCS that is not ready; what is wrong has been told.
var errToRepair = errors.New("WHMCS is not ready yet")

func (c *commandLine) whmcsCheck(ctx context.Context) error {
	cfg, err := config.Load(c.configFile, config.ForWHMCS)
	if err != nil {
		return err
	}
	client, err := server.WHMCS(cfg)
	if err != nil {
		return err
	}
	checker := &billingcheck.Checker{Client: client, Config: cfg, Version: version.String(), Say: c.narrate}
	rows, err := checker.Check(ctx)
	if err != nil {
		return err
	}
	table, bad := [][]string{{"FACT", "EXPECTED", "SEEN", "WHAT IT MEANS"}}, 0
	for _, r := range rows {
		seen := cmp.Or(r.Seen, none)
		if r.Bad {
			bad++
			seen += " (differs)"
		}
		table = append(table, []string{r.Fact, cmp.Or(r.Expected, none), seen, r.Means})
	}
	if c.asJSON {
		err = c.print(rows)
	} else {
		err = c.table(table)
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("%w: %d things to repair", errToRepair, bad)
	}
	return err
}
