package cli

import (
	"context"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/server"
)

const workerText = `worker runs the workflows and activities of metalease.

Panels and WHMCS come from the configuration file, the connection to Temporal from the TEMPORAL_* variables and profiles that the temporal command line uses.

It ends with SIGTERM or Ctrl-C: it takes nothing new and lets running activities end, at most for worker.stop_timeout. A second one ends it at once. Nothing is lost either way.

Exit codes: 0 done, 1 failed, 2 wrong usage.`

const workerExample = `worker --config /etc/metalease/metalease.yaml
worker --check && systemctl restart metalease-worker
worker --check --connect`

// workerCommand is the program worker. It has no commands below it.
func workerCommand(s Streams) *cobra.Command {
	c := &commandLine{Streams: s}
	root := newProgram("worker [--config FILE] [--check [--connect [--json]]]", "Runs the workflows and activities of metalease", workerText)
	root.Example = workerExample
	root.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return wrongUsage("unexpected argument %q", args[0])
		}
		return nil
	}
	check := root.Flags().Bool("check", false, "check the configuration of worker and gateway and the way to WHMCS, and end")
	connect := root.Flags().Bool("connect", false, "with --check: ask Temporal, panels and WHMCS too, and print what works, with the cure beside each fault")
	c.jsonFlag(root, "with --connect: print the findings as JSON")
	c.configFlag(root)
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if (*connect && !*check) || (c.asJSON && !*connect) {
			return wrongUsage("--connect goes with --check, and --json with --connect")
		}
		if *connect {
			return c.connect(cmd.Context())
		}
		if *check {
			return c.check(cmd.Context())
		}
		cfg, err := config.Load(c.configFile, config.ForWorker)
		if err != nil {
			return err
		}
		return server.Worker(cmd.Context(), cfg)
	}
	arrange(root)
	return root
}

// check tries the configuration of both long-running programs.
func (c *commandLine) check(ctx context.Context) error {
	cfg, err := config.Load(c.configFile, config.ForCheck)
	if err != nil {
		return err
	}
	if err := server.Check(ctx, cfg); err != nil {
		return err
	}
	return c.say("the configuration is complete, and WHMCS answers")
}

// connect asks everything that the configuration names.
func (c *commandLine) connect(ctx context.Context) error {
	cfg, err := config.Load(c.configFile, config.ForCheck)
	if err != nil {
		return err
	}
	found := server.Connect(ctx, c.configFile, cfg)
	if c.asJSON {
		if err := c.print(found); err != nil {
			return err
		}
		return server.Faulty(found)
	}
	rows := [][]string{{"PART", "STATE", "WHAT"}}
	for _, f := range found {
		what := f.What
		if f.Cure != "" {
			what += ". To mend it: " + f.Cure
		}
		rows = append(rows, []string{f.Part, string(f.State), what})
	}
	if err := c.tableWithin(rows); err != nil {
		return err
	}
	return server.Faulty(found)
}
