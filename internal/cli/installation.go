package cli

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/control"
)

const installationText = `Shows to which installation the Temporal namespace belongs, and which WHMCS's calls the gateways serve.

A namespace is one WHMCS's: a worker, gateway or command whose configuration names another installation refuses. The WHMCS is known by its System URL, which its module signs with each call; the first one that calls is remembered. A copy of that WHMCS, with its database and so with its secret, has another System URL and is refused.

Two addresses are the same WHMCS when they differ in capitals of the host, http or https, the default port or slashes at the end; another host, another port or another folder is another WHMCS.`

// installationCommand shows and changes what the namespace remembers of its WHMCS.
func (c *commandLine) installationCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "installation [move | rename] [--json]", Short: "Show whose namespace this is and which WHMCS is served; move it on purpose",
		Long: installationText, Example: "starter installation\nstarter installation move --to https://billing.example.com/",
		Args: cobra.ArbitraryArgs,
	}
	c.jsonFlag(cmd, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(cmd, args[0])
		}
		return c.onInstallation(cmd.Context(), c.showInstallation)
	}
	cmd.AddCommand(c.moveInstallationCommand(), c.renameInstallationCommand())
	return cmd
}

func (c *commandLine) moveInstallationCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "move --to URL [--yes]", Short: "Serve the WHMCS at another System URL, and the one before no longer",
		Long: "For a WHMCS that has moved to another address. From then on, within ten seconds in every gateway, calls of the WHMCS with that System URL are served and all others refused: " +
			"whoever has it can suspend and release the servers of your customers.",
		Example: "starter installation move --to https://billing.example.com/whmcs/", Args: noArgument,
	}
	to, yes := c.replacingFlags(cmd, "the System URL as WHMCS shows it under General Settings, a `URL`; needed")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *to == "" {
			return wrongUsage("installation move needs --to")
		}
		if !*yes && !c.canAsk() {
			return wrongUsage("installation move needs --yes when nobody can be asked")
		}
		return c.onInstallation(cmd.Context(), func(ctx context.Context, ctl *control.Control, known control.Installation) error {
			question := fmt.Sprintf("Calls of the WHMCS at %s are served from now on, and those of %s are refused. The new one can suspend and release the servers of all customers. Is it the WHMCS with your customers?",
				*to, cmp.Or(known.System, "any other"))
			if err := c.askUnless(ctx, *yes, question); err != nil {
				return err
			}
			if err := ctl.MoveSystem(ctx, *to); err != nil {
				return err
			}
			return c.say("the WHMCS at %s is served; other gateways know within ten seconds", *to)
		})
	}
	return cmd
}

func (c *commandLine) renameInstallationCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rename --to NAME [--yes]", Short: "Give the namespace to an installation of another name",
		Long: "For a name that was chosen wrongly, as long as no service runs: the marks of servers carry the installation's name, and those of another one are never touched. " +
			"Workers and gateways start with the new name from then on; end those that run under the old one.",
		Example: "starter installation rename --to main", Args: noArgument,
	}
	to, yes := c.replacingFlags(cmd, "the `NAME` that the configuration says under installation; needed")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !config.IsName(*to) {
			return wrongUsage("installation rename needs --to with a name: 1 to 32 of a-z, 0-9 and -")
		}
		if !*yes && !c.canAsk() {
			return wrongUsage("installation rename needs --yes when nobody can be asked")
		}
		return c.onInstallation(cmd.Context(), func(ctx context.Context, ctl *control.Control, known control.Installation) error {
			question := fmt.Sprintf("The namespace belongs to %s from now on, and programs of %s do not start in it any more. Servers that carry the old name's mark, in quarantine too, are strangers then. Go on?",
				*to, cmp.Or(known.Name, "any other"))
			if err := c.askUnless(ctx, *yes, question); err != nil {
				return err
			}
			if err := ctl.Rename(ctx, *to); err != nil {
				return err
			}
			return c.say("the namespace belongs to the installation %s", *to)
		})
	}
	return cmd
}

func (c *commandLine) replacingFlags(cmd *cobra.Command, text string) (to *string, yes *bool) {
	to = cmd.Flags().String("to", "", text)
	yes = cmd.Flags().Bool("yes", false, "do not ask; needed when nobody can be asked")
	must(cmd.RegisterFlagCompletionFunc("to", cobra.NoFileCompletions))
	return to, yes
}

// askUnless puts a question to a person who has not answered it before.
func (c *commandLine) askUnless(ctx context.Context, answered bool, question string) error {
	if answered {
		return nil
	}
	return c.ask(ctx, question)
}

// onInstallation runs what is done with what the namespace remembers. It reads no configuration: whose the namespace is does
// not depend on who asks.
func (c *commandLine) onInstallation(ctx context.Context, do func(context.Context, *control.Control, control.Installation) error) error {
	ctl, done, err := c.openPlain(ctx)
	if err != nil {
		return err
	}
	defer done()
	known, err := ctl.Installation(ctx)
	if err != nil {
		return err
	}
	return do(ctx, ctl, known)
}

func (c *commandLine) showInstallation(_ context.Context, _ *control.Control, known control.Installation) error {
	if c.asJSON {
		return c.print(known)
	}
	return c.say("installation  %s\nWHMCS         %s", cmp.Or(known.Name, "none yet: the first worker or gateway decides"), cmp.Or(known.System, "none yet: the first one that calls decides"))
}
