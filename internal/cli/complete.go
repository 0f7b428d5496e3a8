package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/workflows/api"
)

const completionText = `Prints a script that lets the shell complete commands, flags, phases, panels and the ids of services.

  bash   starter completion bash > /etc/bash_completion.d/starter   (needs the package bash-completion)
  zsh    starter completion zsh  > "${fpath[1]}/_starter"
  fish   starter completion fish > ~/.config/fish/completions/starter.fish

Then open a new shell.`

func (c *commandLine) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish"}
	return &cobra.Command{
		Use: "completion bash|zsh|fish", Short: "Print a script for completion in a shell", Long: completionText,
		Example: "source <(starter completion bash)", ValidArgs: shells,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shells, args[0]) {
				return wrongUsage("completion takes bash, zsh or fish")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "zsh":
				return cmd.Root().GenZshCompletion(c.Out)
			case "fish":
				return cmd.Root().GenFishCompletion(c.Out, true)
			}
			return cmd.Root().GenBashCompletionV2(c.Out, true)
		},
	}
}

// completionLimit is how long somebody who pressed the tabulator waits for what Temporal knows.
const completionLimit = 1500 * time.Millisecond

// completeService offers the services that have not ended, newest first.
func (c *commandLine) completeService(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completionLimit)
	defer cancel()
	ctl, done, err := c.openPlain(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer done()
	page, err := ctl.List(ctx, control.Filter{}, "", listPage)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var all []cobra.Completion
	for _, row := range page.Services {
		if row.ClosedAt == nil {
			all = append(all, cobra.CompletionWithDesc(strconv.Itoa(row.ServiceID), fmt.Sprintf("%s on %s", row.Phase, row.Panel)))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// completeServiceAnd offers services first, and then the words that a command takes.
func (c *commandLine) completeServiceAnd(words []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) == 1 {
			return words, cobra.ShellCompDirectiveNoFileComp
		}
		return c.completeService(cmd, args, typed)
	}
}

// completePanel offers the panels of the configuration.
func (c *commandLine) completePanel(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return cfg.PanelNames(), cobra.ShellCompDirectiveNoFileComp
}

func completePhase(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []cobra.Completion
	for _, phase := range api.Phases {
		all = append(all, string(phase))
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeField offers the fields of an order that a retry may correct.
func completeField(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return correctable(), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
