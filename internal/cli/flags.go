package cli

import "github.com/spf13/cobra"

// configFlag is for commands that need panels or defaults. The others need nothing but Temporal, so that they work from anywhere.
func (c *commandLine) configFlag(cmd *cobra.Command) {
	cmd.PersistentFlags().StringVar(&c.configFile, "config", "", "configuration `FILE`; else $METALEASE_CONFIG, ./metalease.yaml, /etc/metalease/metalease.yaml")
	must(cmd.MarkPersistentFlagFilename("config", "yaml", "yml"))
}

func (c *commandLine) jsonFlag(cmd *cobra.Command, what string) {
	cmd.PersistentFlags().BoolVar(&c.asJSON, "json", false, what)
}

// panelFlag names one panel, completed from the configuration.
func (c *commandLine) panelFlag(cmd *cobra.Command, into *string, what string) {
	cmd.PersistentFlags().StringVar(into, "panel", "", what)
	must(cmd.RegisterFlagCompletionFunc("panel", c.completePanel))
}

// must is for the wiring of a command: what fails there is a fault of this program, found by every test.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
