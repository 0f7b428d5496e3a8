// Package stack runs the whole set on this machine: Temporal, both simulators,
// worker and gateway, each as a real process. The demo and the end-to-end tests
// stand on it.
package stack

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Process is one child process. It is started again with the same command.
type Process struct {
	Name string
	path string
	args []string
	env  []string
	log  string

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{}
}

// stopPatience is how long a process may take to end before it is killed.
const stopPatience = 15 * time.Second

// NewProcess describes a child whose output goes to dir/name.log; Start runs it.
func NewProcess(dir, name, path string, env []string, args ...string) *Process {
	return &Process{Name: name, path: path, args: args, env: env, log: filepath.Join(dir, name+".log")}
}

// Start runs the command; its output is appended to the log file.
func (p *Process) Start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.Command(p.path, p.args...)
	cmd.Env = p.env
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = ownGroup()
	if err := startHere(cmd); err != nil {
		_ = out.Close()
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	p.cmd, p.done = cmd, make(chan struct{})
	go func(done chan struct{}) {
		_ = cmd.Wait() // how it ended stands in its log
		_ = out.Close()
		close(done)
	}(p.done)
	return nil
}

const startPoll = 50 * time.Millisecond

// Up starts the process and waits until it is ready, which is asked again and again. It is an error, with the end of the log, when the
// process ends before or is not ready in time.
func (p *Process) Up(ctx context.Context, patience time.Duration, ready func(context.Context) error) error {
	if err := p.Start(); err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	poll := time.NewTicker(startPoll)
	defer poll.Stop()
	for {
		err := ready(limit)
		if err == nil {
			return nil
		}
		select {
		case <-p.Done():
			return fmt.Errorf("%s ended at once:\n%s", p.Name, p.lastLines(10))
		case <-limit.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("%s is not ready after %s: %w\n%s", p.Name, patience, err, p.lastLines(10))
		case <-poll.C:
		}
	}
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

// PID is the process's number; 0 before its first start.
func (p *Process) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

// Stop ends the process gracefully, and kills it when that takes too long.
func (p *Process) Stop() { p.end(syscall.SIGTERM) }

// Kill ends the process as a power cut would.
func (p *Process) Kill() { p.end(syscall.SIGKILL) }

func (p *Process) end(signal syscall.Signal) {
	p.mu.Lock()
	cmd, done := p.cmd, p.done
	p.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(signal) // it may have ended already
	select {
	case <-done:
	case <-time.After(stopPatience):
		_ = cmd.Process.Kill()
		<-done
	}
}

// Log is everything the process has printed so far.
func (p *Process) Log() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return ""
	}
	return string(text)
}

// lastLines are the end of the log, for an error message.
func (p *Process) lastLines(n int) string {
	lines := bytes.Split(bytes.TrimSpace([]byte(p.Log())), []byte("\n"))
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return string(bytes.Join(lines, []byte("\n")))
}
