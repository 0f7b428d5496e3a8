package cli

import (
	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/server"
	"metalease/internal/temporalclient"
)

const serveText = `Runs the gateway: the HTTP API that the WHMCS module and other programs call. It ends with SIGTERM or Ctrl-C, after the calls that run; a second one ends it at once.

Where it listens, its certificate and its secret stand in the configuration under gateway.`

// serveCommand runs the gateway until the context ends.
func (c *commandLine) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve [--config FILE]", Short: "Run the gateway for WHMCS, until it is stopped", Long: serveText,
		Example: "starter serve --config /etc/metalease/metalease.yaml", Args: noArgument,
	}
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := config.Load(c.configFile, config.ForGateway)
		if err != nil {
			return err
		}
		if _, err := temporalclient.Options(); err != nil {
			return wrongUsage("%s", err)
		}
		return server.Gateway(cmd.Context(), cfg)
	}
	return cmd
}
