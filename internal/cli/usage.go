package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageError is a command that was typed wrongly: what is wrong, and which help says how it is right.
type usageError struct{ fault, see string }

// Error is one line, for a person who has just typed something.
func (u *usageError) Error() string {
	if u.see == "" {
		return u.fault
	}
	return u.fault + "; see: " + u.see
}

func wrongUsage(format string, args ...any) error {
	return &usageError{fault: fmt.Sprintf(format, args...)}
}

// explain completes an error by what only the end of the program knows: which command was typed, and whether it was interrupted.
func explain(ctx context.Context, ran *cobra.Command, err error) error {
	wrong, typed := errors.AsType[*usageError](err)
	switch {
	case typed:
		if wrong.see == "" {
			wrong.see = ran.CommandPath() + " --help"
		}
	case ctx.Err() != nil && isCancelled(err):
		return errInterrupted
	}
	return err
}

// isCancelled: Temporal's client answers a status of its own for a context that ended.
func isCancelled(err error) bool {
	return errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "context canceled")
}

// choose is the work of a command that only has commands below it, and what a mistyped one of them comes to.
func choose(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return wrongUsage("no command given")
	}
	return unknownCommand(cmd, args[0])
}

func unknownCommand(parent *cobra.Command, typed string) error {
	text := fmt.Sprintf("there is no command %q", typed)
	if near := parent.SuggestionsFor(typed); len(near) > 0 {
		text += ", did you mean " + strings.Join(near, " or ") + "?"
	}
	return wrongUsage("%s", text)
}

// noArgument is for commands that are told everything by flags.
func noArgument(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrongUsage("%s takes no argument", cmd.Name())
	}
	return nil
}

// oneArgument wants exactly one, which is described by what.
func oneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return wrongUsage("%s takes %s", cmd.Name(), what)
		}
		return nil
	}
}

// oneService is the argument that most commands have.
func oneService(cmd *cobra.Command, args []string) error {
	if err := oneArgument("one service id")(cmd, args); err != nil {
		return err
	}
	_, err := serviceID(args[0])
	return err
}

// serviceID takes the number that WHMCS shows, or the id of the workflow.
func serviceID(text string) (int, error) {
	id, err := strconv.Atoi(strings.TrimPrefix(text, "service-"))
	if err != nil || id <= 0 {
		return 0, wrongUsage("%q is no service id: it is a number, as in WHMCS", text)
	}
	return id, nil
}

// onService runs a command about one service.
func onService(run func(cmd *cobra.Command, id int) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		id, err := serviceID(args[0])
		if err != nil {
			return err
		}
		return run(cmd, id)
	}
}

// given lists the flags that were typed, without some.
func given(cmd *cobra.Command, without ...string) []string {
	var names []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(without, f.Name) {
			names = append(names, "--"+f.Name)
		}
	})
	return names
}

// wrongFlag is what becomes of a flag that cannot be read. A mistyped command comes first: its flags are nobody's.
func wrongFlag(cmd *cobra.Command, err error) error {
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 {
		return unknownCommand(cmd, cmd.Flags().Arg(0))
	}
	text := err.Error()
	if missing, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if near := nearFlags(cmd, missing.GetSpecifiedName()); len(near) > 0 {
			text += ", did you mean " + strings.Join(near, " or ") + "?"
		}
	}
	return wrongUsage("%s", text)
}

// nearFlags are the flags that a mistyped one may have meant, by cobra's measure for commands.
func nearFlags(cmd *cobra.Command, typed string) []string {
	known := &cobra.Command{SuggestionsMinimumDistance: 2}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		known.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
	})
	near := known.SuggestionsFor(typed)
	for i := range near {
		near[i] = "--" + near[i]
	}
	return near
}

// only keeps the names that are among some.
func only(names []string, some ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(some, name) })
}
