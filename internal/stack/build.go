package stack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func (s *Stack) bin(name string) string { return filepath.Join(s.Options.Bin, name) }

func (s *Stack) build(ctx context.Context) error {
	if s.Options.Bin != "" {
		return nil
	}
	s.Options.Say("building the programs")
	s.Options.Bin = filepath.Join(s.Dir, "bin")
	return Build(ctx, s.Options.Root, s.Options.Bin)
}

// Build makes the programs of the module into a folder; flags go to go build.
func Build(ctx context.Context, root, bin string, flags ...string) error {
	if err := os.MkdirAll(bin, 0o700); err != nil {
		return err
	}
	args := append([]string{"build", "-buildvcs=false", "-o", bin + string(filepath.Separator)}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, "./worker", "./starter", "./cmd/dcimsim", "./cmd/whmcssim", "./examples/shop")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}
