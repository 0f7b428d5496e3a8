//go:build !linux

package stack

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps Ctrl-C of the terminal from the children, so that they are
// stopped in order.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func startHere(cmd *exec.Cmd) error { return cmd.Start() }
