package whmcs_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// databaseSocket is where the MariaDB of all hosts answers; each host has a database of its own in it.
var databaseSocket string

// startDatabase runs a MariaDB in a folder until stop is called or the test binary ends, whichever way.
func startDatabase(dir string) (stop func(), err error) {
	folder := filepath.Join(dir, "mariadb")
	cmd := exec.Command("php", "host/mariadb.php", folder)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = alive.Close() // ends the whole group
		_ = cmd.Wait()    // it was killed
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); strings.TrimSpace(line) != "ready" {
		stop()
		return nil, fmt.Errorf("MariaDB did not start (%w), see %s", err, folder)
	}
	databaseSocket = filepath.Join(folder, "socket")
	return stop, nil
}
