package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"metalease/internal/duration"
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
	_, _ = fmt.Fprint(w, paragraphs(longText(cmd), width), "\n", typed(cmd, width))
	if cmd.HasAvailableSubCommands() {
		_, _ = fmt.Fprintf(w, "\n%s COMMAND --help tells more about one.\n", cmd.CommandPath())
	}
}

func longText(cmd *cobra.Command) string { return cmp.Or(cmd.Long, cmd.Short+".") }

// typed is what a command is typed like: usage, examples, commands below it, flags.
func typed(cmd *cobra.Command, width int) string {
	var b strings.Builder
	b.WriteString("Usage:\n")
	for _, use := range uses(cmd) {
		b.WriteString("  " + strings.Join(statusview.Wrap(use, width-6), "\n      ") + "\n")
	}
	if cmd.Example != "" {
		b.WriteString("\nExamples:\n  " + strings.ReplaceAll(cmd.Example, "\n", "\n  ") + "\n")
	}
	for _, group := range cmd.Groups() {
		b.WriteString("\n" + group.Title + "\n" + listed(cmd, group.ID, width))
	}
	if flags := cmd.LocalFlags(); flags.HasAvailableFlags() {
		b.WriteString("\nFlags:\n" + flagList(flags, width))
	}
	if inherited := cmd.InheritedFlags(); inherited.HasAvailableFlags() {
		b.WriteString("\nFlags of " + cmd.Parent().CommandPath() + ":\n" + flagList(inherited, width))
	}
	return b.String()
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
	var rows [][2]string
	for _, cmd := range parent.Commands() {
		if cmd.GroupID == group { // help among them, which cobra does not count as available
			rows = append(rows, [2]string{fmt.Sprintf("  %-*s", parent.NamePadding(), cmd.Name()), cmd.Short})
		}
	}
	return explained(rows, width)
}

// flagList describes flags; a flag that is given or not has no value, unlike in [pflag.FlagSet.FlagUsages].
func flagList(flags *pflag.FlagSet, width int) string {
	var rows, last [][2]string
	flags.VisitAll(func(f *pflag.Flag) {
		short := "    "
		if f.Shorthand != "" {
			short = "-" + f.Shorthand + ", "
		}
		value, usage := pflag.UnquoteUsage(f)
		switch value {
		case "int", "ints":
			value = "N"
		case "string":
			value = "TEXT"
		}
		if value != "" {
			value = " " + value
		}
		if _, isDuration := f.Value.(*duration.Duration); isDuration && f.DefValue != "0s" {
			usage += " (default " + f.DefValue + ")"
		}
		row := [2]string{"  " + short + "--" + f.Name + value, usage}
		if f.Name == "help" {
			last = append(last, row) // everybody knows it
			return
		}
		rows = append(rows, row)
	})
	return explained(append(rows, last...), width)
}

// explained puts the second texts into a column behind the first.
func explained(rows [][2]string, width int) string {
	column := 0
	for _, row := range rows {
		column = max(column, len(row[0])+columnGap)
	}
	var b strings.Builder
	for _, row := range rows {
		lines := statusview.Wrap(row[1], width-column)
		b.WriteString(fmt.Sprintf("%-*s", column, row[0]) + strings.Join(lines, "\n"+strings.Repeat(" ", column)) + "\n")
	}
	return b.String()
}

// paragraphs breaks the lines of a text at the width; an indented one stays as it is.
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
