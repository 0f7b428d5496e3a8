// modulezip packs the WHMCS module for a host: a zip to unpack in a WHMCS root. The same
// tree, version and date give the same bytes, whoever packs them and whenever.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"
)

func main() {
	tree := pflag.String("tree", "whmcs/module", "folder that is laid over a WHMCS root")
	version := pflag.String("version", "", "version that the module will name")
	date := pflag.Int64("date", 0, "time of every file, in unix seconds: that of the commit")
	out := pflag.String("out", "dist", "folder of the zip")
	pflag.Parse()
	if *version == "" || *date <= 0 || pflag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: modulezip --version VERSION --date SECONDS [--tree DIR] [--out DIR]")
		os.Exit(2)
	}
	file, err := build(*tree, *out, *version, time.Unix(*date, 0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "modulezip:", err)
		os.Exit(1)
	}
	fmt.Println(file)
}

// build writes the zip under its final name only when it is whole.
func build(tree, out, version string, date time.Time) (string, error) {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", err
	}
	part, err := os.CreateTemp(out, ".module-*.zip")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(part.Name()) }() // it is not there any more if it got its final name
	if err := write(part, os.DirFS(tree), version, date); err != nil {
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
