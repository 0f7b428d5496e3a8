package panel

import (
	"fmt"
	"strings"

	"metalease/activities/holding"
)

// seen is what the panel showed before the install was asked for; it tells a
// new install from an old one when the reply was lost.
type seen struct {
	template string
	failed   bool
	// accepted is true once the panel has answered that it will install.
	accepted bool
	// again is true once it was asked for a second time, because nothing had begun.
	again bool
}

// installingState is the mark's state before install n: "installing 1 was=TEMPLATE".
func installingState(n int, before seen) string {
	state := fmt.Sprintf("%s %d", holding.StateInstalling, n)
	if before.accepted {
		state += " accepted"
	}
	if before.again {
		state += " again"
	}
	if before.failed {
		state += " failed"
	}
	if before.template != "" {
		state += " was=" + holding.OneLine(before.template)
	}
	return state
}

// askedInstall reads installingState back; number 0 means no install.
func askedInstall(mark holding.Mark) (before seen, number int) {
	fields := strings.Fields(mark.State)
	if len(fields) < 2 || fields[0] != holding.StateInstalling {
		return seen{}, 0
	}
	if _, err := fmt.Sscanf(fields[1], "%d", &number); err != nil {
		return seen{}, 0
	}
	for _, field := range fields[2:] {
		switch field {
		case "failed":
			before.failed = true
		case "accepted":
			before.accepted = true
		case "again":
			before.again = true
		}
		if template, found := strings.CutPrefix(field, "was="); found {
			before.template = template
		}
	}
	return before, number
}

// InstallNumber is the number of the install that a mark announces; 0 is none.
func InstallNumber(mark holding.Mark) int {
	_, number := askedInstall(mark)
	return number
}
