package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"metalease/internal/statusview"
)

const (
	// helpWidth is that of a help text that goes into a file, widestHelp the longest line that still reads well.
	helpWidth  = 80
	widestHelp = 100
)

func (c *commandLine) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Tell more about a command", Example: "starter help retry",
		Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if above, _, err := cmd.Root().Find(args); err == nil {
				return names(above), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			switch {
			case err != nil:
				return err
			case len(rest) > 0 && about.HasSubCommands():
				return unknownCommand(about, rest[0])
			}
			writeHelp(about)
			return nil
		},
	}
}

func names(parent *cobra.Command) []cobra.Completion {
	var all []cobra.Completion
	for _, cmd := range parent.Commands() {
		if cmd.IsAvailableCommand() {
			all = append(all, cobra.CompletionWithDesc(cmd.Name(), cmd.Short))
		}
	}
	return all
}

// writeHelp tells everything about one command.
func writeHelp(cmd *cobra.Command) {
	w, width := cmd.OutOrStdout(), helpWidth
	if style, _, live := (Streams{Out: w}).terminal(); live {
		width = min(style.Width, widestHelp)
	}
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	_, _ = fmt.Fprintf(w, "%s\nUsage:\n", paragraphs(text, width))
	for _, use := range uses(cmd) {
		_, _ = fmt.Fprintf(w, "  %s\n", strings.Join(statusview.Wrap(use, width-6), "\n      "))
	}
	if cmd.Example != "" {
		_, _ = fmt.Fprintf(w, "\nExamples:\n%s\n", indented(cmd.Example))
	}
	for _, group := range cmd.Groups() {
		_, _ = fmt.Fprintf(w, "\n%s\n%s", group.Title, listed(cmd, group.ID, width))
	}
	if flags := cmd.LocalFlags(); flags.HasAvailableFlags() {
		_, _ = fmt.Fprintf(w, "\nFlags:\n%s", flags.FlagUsagesWrapped(width))
	}
	if inherited := cmd.InheritedFlags(); inherited.HasAvailableFlags() {
		_, _ = fmt.Fprintf(w, "\nFlags of %s:\n%s", cmd.Parent().CommandPath(), inherited.FlagUsagesWrapped(width))
	}
	if cmd.HasAvailableSubCommands() {
		_, _ = fmt.Fprintf(w, "\n%s --help tells more about one.\n", cmd.CommandPath()+" COMMAND")
	}
}

// uses are the ways to call a command: its own, and those below it.
func uses(cmd *cobra.Command) []string {
	all := []string{cmd.UseLine()}
	if len(cmd.Groups()) > 0 {
		return all // they are listed with their summaries
	}
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			all = append(all, below.UseLine())
		}
	}
	return all
}

func listed(parent *cobra.Command, group string, width int) string {
	var b strings.Builder
	for _, cmd := range parent.Commands() {
		if cmd.GroupID == group && cmd.IsAvailableCommand() {
			column := fmt.Sprintf("  %-*s  ", parent.NamePadding(), cmd.Name())
			lines := statusview.Wrap(cmd.Short, width-len(column))
			b.WriteString(column + strings.Join(lines, "\n"+strings.Repeat(" ", len(column))) + "\n")
		}
	}
	return b.String()
}

// paragraphs breaks a text at its blank lines and at the width; an indented line stays as it is.
func paragraphs(text string, width int) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, " ") || line == "" {
			b.WriteString(line + "\n")
			continue
		}
		b.WriteString(strings.Join(statusview.Wrap(line, width), "\n") + "\n")
	}
	return b.String()
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
