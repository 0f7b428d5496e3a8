// Command bench measures what orders cost: requests to the panel, calls of WHMCS, activities, events, bytes, and how fast things
// go against a reference in the same run. Everything runs as real processes on this machine.
//
//	make bench                          the rows that take seconds
//	make bench ROW=installs-10          rows by name, separated by commas; all are all
//	make bench ROW=installs-10 INSTALL=20m JSON=bench.json
//	make bench ROW=idle-100000 COUNT=50000 WITHIN=30m
//	make bench ROW=orders-10 STORE=postgres      on the official server and PostgreSQL
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"metalease/internal/stack"
)

// options are the flags.
type options struct {
	rows    []string
	store   string
	json    string
	install time.Duration
	count   int
	within  time.Duration
	list    bool
}

func main() {
	var o options
	flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	flags.StringSliceVar(&o.rows, "row", nil, "rows to measure (default: those that take seconds; all: all)")
	flags.StringVar(&o.store, "store", "", "what Temporal is: development, or postgres for the official server on PostgreSQL (default: development)")
	flags.StringVar(&o.json, "json", "", "write the results to this file too")
	flags.DurationVar(&o.install, "install-time", 0, "how long an install takes, instead of what the row says")
	flags.IntVar(&o.count, "count", 0, "how many orders or services, instead of what the row says")
	flags.DurationVar(&o.within, "within", 0, "how long open services may be started; as many as there are then are measured (default: all)")
	flags.BoolVar(&o.list, "list", false, "list the rows and end")
	if err := flags.Parse(os.Args[1:]); errors.Is(err, pflag.ErrHelp) {
		return
	} else if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.list {
		for _, r := range rows {
			fmt.Printf("%-14s %s\n", r.Name, r.what())
		}
		return nil
	}
	chosen, err := choose(o.rows)
	if err != nil {
		return err
	}
	kept, err := chooseStore(ctx, o.store)
	if err != nil {
		return err
	}
	cli := os.Getenv("TEMPORAL_CLI")
	if cli == "" {
		return errors.New("TEMPORAL_CLI is not set: run `make bench`, which finds or builds the temporal program")
	}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("run it inside the repository: %w", err)
	}
	dir, err := os.MkdirTemp("", "metalease-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := bench{root: strings.TrimSpace(string(root)), dir: dir, cli: cli}
	if err := stack.Build(ctx, b.root, b.bin()); err != nil {
		return err
	}
	var results []result
	var failed error
	for _, r := range chosen {
		if o.install > 0 {
			r.Install = o.install
		}
		if o.count > 0 {
			r.Count = o.count
		}
		r.Within, r.Store = o.within, kept
		fmt.Fprintf(os.Stderr, "%s %s: %s\n", time.Now().Format(time.TimeOnly), r.Name, r.what())
		measured, err := r.run(ctx, b, r)
		switch {
		case ctx.Err() != nil:
			return errors.Join(failed, ctx.Err(), show(results, o.json))
		case err != nil: // the other rows are measured all the same
			err = fmt.Errorf("row %s: %w", r.Name, err)
			fmt.Fprintln(os.Stderr, "bench:", err)
			failed = errors.Join(failed, err)
		default:
			results = append(results, measured)
		}
	}
	return errors.Join(failed, show(results, o.json))
}

// show prints the table, and writes the file if there is to be one.
func show(results []result, file string) error {
	fmt.Print(table(results))
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// choose finds rows by name; none named are those that take seconds.
func choose(names []string) ([]row, error) {
	if slices.Equal(names, []string{"all"}) {
		return rows, nil
	}
	var chosen []row
	if len(names) == 0 {
		for _, r := range rows {
			if !r.ByName {
				chosen = append(chosen, r)
			}
		}
		return chosen, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(rows, func(r row) bool { return r.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no row %q: --list shows them", name)
		}
		chosen = append(chosen, rows[i])
	}
	return chosen, nil
}
