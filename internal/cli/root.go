package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"metalease/internal/version"
)

// Groups of the commands, in the order of the help.
const (
	groupServices = "services"
	groupSignals  = "signals"
	groupPanels   = "panels"
	groupShops    = "shops"
	groupHosts    = "hosts"
	groupProgram  = "program"
)

const starterText = `starter is the command line and the gateway of metalease.

The connection to Temporal comes from the TEMPORAL_* variables and profiles, as for the program temporal: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY. start, plan, serve and the commands about panels also read the configuration file.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found.`

// Help lists commands and flags in the order in which they are added, which is the order in which people need them.
func init() { cobra.EnableCommandSorting = false }

// starterCommand is the program starter with all its commands.
func starterCommand(s Streams) *cobra.Command {
	c := &commandLine{Streams: s}
	root := newProgram("starter COMMAND [flags]", "The command line and the gateway of metalease", starterText)
	root.Args, root.RunE = cobra.ArbitraryArgs, choose
	root.AddGroup(
		&cobra.Group{ID: groupServices, Title: "Services:"},
		&cobra.Group{ID: groupSignals, Title: "Signals to a service:"},
		&cobra.Group{ID: groupPanels, Title: "Panels:"},
		&cobra.Group{ID: groupShops, Title: "Shops in front of WHMCS:"},
		&cobra.Group{ID: groupHosts, Title: "Coming from another module, and going back:"},
		&cobra.Group{ID: groupProgram, Title: "The program:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, cmd := range commands {
			cmd.GroupID = group
		}
		root.AddCommand(commands...)
	}
	add(groupServices, c.startCommand(), c.statusCommand(), c.listCommand(), c.findCommand(), c.planCommand(), c.auditCommand(),
		c.factsCommand(), c.trafficCommand(), c.signOnCommand())
	add(groupSignals, c.signalCommands()...)
	add(groupPanels, c.panelCommand(), c.stockCommand(), c.driftCommand(), c.quarantineCommand(), c.pauseCommand(), c.resumeCommand(), c.whmcsCommand())
	add(groupShops, c.cartCommand(), c.cartLinkCommand(), c.webhooksCommand())
	add(groupHosts, c.adoptCommand(), c.detachCommand())
	add(groupProgram, c.serveCommand(), c.codecCommand(), c.installationCommand(), c.completionCommand(), c.versionCommand())
	root.SetHelpCommand(c.helpCommand())
	root.SetHelpCommandGroupID(groupProgram)
	root.InitDefaultHelpCmd() // now, so that it is arranged and listed as the others are
	arrange(root)
	return root
}

// newProgram is what both programs have in common.
func newProgram(use, short, long string) *cobra.Command {
	root := &cobra.Command{
		Use: use, Short: short, Long: long,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.Version = version.String()
	root.SetVersionTemplate(version.Line(root.Name()))
	root.Flags().Bool("version", false, "print the version and end")
	root.SetFlagErrorFunc(wrongFlag)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { writeHelp(cmd) })
	return root
}

// arrange settles what cobra wants to hear of every single command.
func arrange(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true // Use names them
	cmd.SuggestionsMinimumDistance = 2
	cmd.Flags().SortFlags = false
	cmd.PersistentFlags().SortFlags = false
	cmd.Flags().BoolP("help", "h", false, "show this help")
	for _, below := range cmd.Commands() {
		arrange(below)
	}
}

func (c *commandLine) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "starter version",
		Long: "Prints the version of this program and what it was built with. The worker, the gateway and the WHMCS module of one release carry the same one.",
		Args: noArgument,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(c.Out, version.Line(cmd.Root().Name()))
			return err
		},
	}
}
