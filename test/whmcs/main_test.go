// Package whmcs_test runs the PHP module as a host would: unpacked in a WHMCS
// (host/), against a real gateway, worker, Temporal and dcimsim.
package whmcs_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"metalease/internal/stack"
	"metalease/internal/temporaltest"
)

// programs is where TestMain has built them.
var programs string

func TestMain(m *testing.M) {
	if missing := missingPHP(); missing != "" {
		fmt.Fprintf(os.Stderr, `
**********************************************************************
NOT TESTED: the PHP module for WHMCS, nothing of it. %s
  apt-get install mariadb-server unzip openssl php-cli php-curl php-mysql php-xml php-mbstring php-illuminate-database php-illuminate-events smarty3
**********************************************************************
`, missing)
		if os.Getenv("CI") == "true" {
			os.Exit(1)
		}
		os.Exit(0)
	}
	code, err := build(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// missingPHP says what of PHP the tests need and do not find.
func missingPHP() string {
	for _, program := range []string{"php", "unzip", "openssl"} {
		if _, err := exec.LookPath(program); err != nil {
			return "There is no " + program + "."
		}
	}
	out, err := exec.Command("php", "-r", `
		foreach (['curl', 'dom', 'mbstring', 'openssl', 'pdo_mysql', 'posix'] as $name) {
			extension_loaded($name) || print("No PHP extension $name. ");
		}
		foreach (['Illuminate/Database/autoload.php', 'Illuminate/Events/autoload.php', 'Carbon/autoload.php', 'smarty3/Smarty.class.php'] as $file) {
			stream_resolve_include_path($file) || print("No $file for PHP. ");
		}
		foreach (explode(':', getenv('PATH') . ':/usr/sbin') as $folder) {
			is_executable("$folder/mariadbd") && exit(0);
		}
		print('No mariadbd.');`).CombinedOutput()
	if err != nil {
		return "php does not run: " + err.Error()
	}
	return strings.TrimSpace(string(out))
}

func build(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "metalease-whmcs")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	programs = dir
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := stack.Build(ctx, "../..", dir); err != nil {
		return 1, err
	}
	stop, err := startDatabase(dir)
	if err != nil {
		return 1, err
	}
	defer stop()
	return temporaltest.Main(m), nil
}
