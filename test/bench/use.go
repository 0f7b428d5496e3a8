package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// use is what a process has taken of the machine so far, as Linux tells it.
type use struct {
	at time.Time
	// memory is what is resident, in bytes; cpu is time on a core.
	memory int64
	cpu    time.Duration
}

// clockTick is the unit of CPU times in /proc, 100 a second on every Linux that Go knows.
const clockTick = 10 * time.Millisecond

func used(pid int) (use, error) {
	seen, err := look(fmt.Sprintf("/proc/%d", pid))
	return seen.use, err
}

// usedByAll is what a process and its children take together. Memory that several of them share counts once (PSS), and the time of
// children that have ended counts too.
func usedByAll(pid int) (use, error) {
	parent := fmt.Sprintf("/proc/%d", pid)
	first, err := look(parent)
	if err != nil {
		return use{}, err
	}
	all := use{at: time.Now(), cpu: first.cpu + first.ended}
	if all.memory, err = pss(parent); err != nil {
		return use{}, err
	}
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return use{}, err
	}
	for _, folder := range folders {
		child, err := look(folder)
		if err == nil && child.parent == pid {
			child.memory, err = pss(folder)
		}
		switch {
		case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ESRCH): // it has ended
		case err != nil:
			return use{}, err
		case child.parent == pid:
			all.cpu += child.cpu
			all.memory += child.memory
		}
	}
	return all, nil
}

// process is what Linux tells of one.
type process struct {
	use
	parent int
	// ended is the time on a core of its children that have ended.
	ended time.Duration
}

func look(folder string) (process, error) {
	text, err := os.ReadFile(filepath.Join(folder, "stat"))
	if err != nil {
		return process{}, fmt.Errorf("only Linux tells what a process takes: %w", err)
	}
	return parseStat(string(text))
}

// parseStat reads a line of proc_pid_stat(5): after the name in brackets, ppid is number 2, utime, stime, cutime and cstime are 12
// to 15, rss is 22.
func parseStat(stat string) (process, error) {
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) < 22 {
		return process{}, fmt.Errorf("%q is no line of proc_pid_stat(5)", stat)
	}
	var numbers [6]int64
	for i, at := range []int{2, 12, 13, 14, 15, 22} {
		var err error
		if numbers[i], err = strconv.ParseInt(fields[at-1], 10, 64); err != nil {
			return process{}, err
		}
	}
	took := use{at: time.Now(), cpu: time.Duration(numbers[1]+numbers[2]) * clockTick, memory: numbers[5] * int64(os.Getpagesize())}
	return process{use: took, parent: int(numbers[0]), ended: time.Duration(numbers[3]+numbers[4]) * clockTick}, nil
}

func pss(folder string) (int64, error) {
	text, err := os.ReadFile(filepath.Join(folder, "smaps_rollup"))
	if err != nil {
		return 0, err
	}
	return parsePSS(string(text))
}

// parsePSS reads the proportional share of memory of proc_pid_smaps(5), in bytes.
func parsePSS(rollup string) (int64, error) {
	for line := range strings.Lines(rollup) {
		if text, is := strings.CutPrefix(line, "Pss:"); is {
			size, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
			return size * kib, err
		}
	}
	return 0, fmt.Errorf("%q has no line Pss of proc_pid_smaps(5)", rollup)
}

// share is the part of a core that was used between two looks, in percent.
func share(before, after use) float64 {
	return 100 * (after.cpu - before.cpu).Seconds() / after.at.Sub(before.at).Seconds()
}
