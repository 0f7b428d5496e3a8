package cli

import (
	"cmp"
	"strconv"

	"github.com/spf13/cobra"

	"metalease/internal/codec"
	"metalease/internal/config"
	"metalease/internal/server"
)

const codecKeysText = `Prints, for each key of temporal.encryption, how many runs and schedules hold something that it has encrypted. It reads the whole namespace, which takes a minute for some ten thousand runs, and changes nothing.

A key that only decrypts may be taken out of every configuration when nothing hangs on it. ENDED runs go by themselves at the end of the namespace's retention; RUNNING ones with --renew, which asks each to go on in a new run as soon as nothing is in flight. Schedules are written anew when a worker starts.`

// codecKeysCommand tells which keys are in use.
func (c *commandLine) codecKeysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "keys [--renew] [--json] [--config FILE]", Short: "What hangs on each key, and have it written anew", Long: codecKeysText,
		Example: "starter codec keys\nstarter codec keys --renew", Args: noArgument,
	}
	renew := cmd.Flags().Bool("renew", false, "have running runs that hold something of another key go on in a new run")
	c.jsonFlag(cmd, "print the keys as JSON")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := config.Load(c.configFile, config.ForConnection)
		if err != nil {
			return err
		}
		uses, asked, err := server.Keys(cmd.Context(), cfg, *renew)
		if err != nil {
			return err
		}
		if c.asJSON {
			return c.print(struct {
				Keys  []codec.Use `json:"keys"`
				Asked int         `json:"asked"`
			}{uses, asked})
		}
		if len(uses) == 0 {
			return c.say("no key: nothing is encrypted")
		}
		rows := [][]string{{"KEY", "ROLE", "RUNNING", "ENDED", "SCHEDULES", ""}}
		for _, use := range uses {
			rows = append(rows, []string{use.Key, cmp.Or(use.Role, none), strconv.Itoa(use.Running), strconv.Itoa(use.Ended), strconv.Itoa(use.Schedules), verdict(use)})
		}
		if err := c.table(rows); err != nil {
			return err
		}
		if *renew {
			return c.say("%d runs go on in a new one as soon as nothing of theirs is in flight; look again in a minute", asked)
		}
		return nil
	}
	return cmd
}

// verdict is what may be done with a key.
func verdict(use codec.Use) string {
	idle := use.Running+use.Ended+use.Schedules == 0
	switch {
	case use.Role == "" && !idle:
		return "is missing in this configuration"
	case use.Role == config.KeyDecrypts && idle:
		return "may be taken out"
	case use.Role == config.KeyDecrypts:
		return "is needed"
	}
	return ""
}
