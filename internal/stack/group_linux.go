package stack

import (
	"os/exec"
	"runtime"
	"syscall"
)

// ownGroup keeps Ctrl-C of the terminal from the children, so that they are
// stopped in order, and has the kernel end them should we be killed.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// starter runs on a thread that lives as long as we do: the kernel counts the
// death of the thread that started a child as the parent's death.
var starter = func() chan func() {
	jobs := make(chan func())
	go func() {
		runtime.LockOSThread()
		for job := range jobs {
			job()
		}
	}()
	return jobs
}()

func startHere(cmd *exec.Cmd) error {
	result := make(chan error)
	starter <- func() { result <- cmd.Start() }
	return <-result
}
