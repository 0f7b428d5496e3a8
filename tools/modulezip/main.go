// modulezip packs the WHMCS module for a host: a zip to unpack in a WHMCS root. The same
// tree and version give the same bytes, whoever packs them and whenever.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
)

func main() {
	tree := pflag.String("tree", "whmcs/module", "folder that is laid over a WHMCS root")
	version := pflag.String("version", "", "version that the module will name")
	out := pflag.String("out", "dist", "folder of the zip")
	pflag.Parse()
	if *version == "" || pflag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: modulezip --version VERSION [--tree DIR] [--out DIR]")
		os.Exit(2)
	}
	file, err := build(*tree, *out, *version)
	if err != nil {
		fmt.Fprintln(os.Stderr, "modulezip:", err)
		os.Exit(1)
	}
	fmt.Println(file)
}

// build writes the zip under its final name only when it is whole.
func build(tree, out, version string) (string, error) {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", err
	}
	part, err := os.CreateTemp(out, ".module-*.zip")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(part.Name()) }() // it is not there any more if it got its final name
	if err := write(part, os.DirFS(tree), version); err != nil {
		return "", errors.Join(err, part.Close())
	}
	if err := part.Chmod(0o644); err != nil {
		return "", err
	}
	if err := part.Close(); err != nil {
		return "", err
	}
	file := filepath.Join(out, "metalease-whmcs-"+version+".zip")
	return file, os.Rename(part.Name(), file)
}
