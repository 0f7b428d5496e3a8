package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
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
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return use{}, fmt.Errorf("only Linux tells what a process takes: %w", err)
	}
	return parseUse(string(text))
}

// parseUse reads a line of proc_pid_stat(5): after the name in brackets, utime and stime are numbers 12 and 13, rss is 22.
func parseUse(stat string) (use, error) {
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) < 22 {
		return use{}, fmt.Errorf("%q is no line of proc_pid_stat(5)", stat)
	}
	var numbers [3]int64
	for i, at := range []int{12, 13, 22} {
		var err error
		if numbers[i], err = strconv.ParseInt(fields[at-1], 10, 64); err != nil {
			return use{}, err
		}
	}
	return use{at: time.Now(), cpu: time.Duration(numbers[0]+numbers[1]) * clockTick, memory: numbers[2] * int64(os.Getpagesize())}, nil
}

// share is the part of a core that was used between two looks, in percent.
func share(before, after use) float64 {
	return 100 * (after.cpu - before.cpu).Seconds() / after.at.Sub(before.at).Seconds()
}
