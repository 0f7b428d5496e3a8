package proving

import (
	"fmt"
	"math"
	"time"

	"metalease/dcim/profile"
)

// Settings are those of a configuration that depend on the speed of a panel.
type Settings struct {
	InstallSettle, PowerTimeout, ReleaseTimeout, Tick time.Duration
	// Rate is in calls a second.
	Rate float64
}

// Fit is a setting beside what was measured.
type Fit struct {
	Setting string `json:"setting"`
	Now     string `json:"now"`
	// Least is what fits: with a lower setting, or a higher rate, things that go well are called late.
	Least string `json:"least"`
	Why   string `json:"why"`
	OK    bool   `json:"ok"`
}

// margin is by how much a panel may be slower one day than it was seen.
const margin = 4

// Fits compares settings with a profile. What was not measured has no line.
func Fits(p profile.Profile, s Settings) []Fit {
	var fits []Fit
	limit := func(setting string, now, floor time.Duration, facts ...string) {
		var longest time.Duration
		for _, fact := range facts {
			d, err := time.ParseDuration(p.Value(fact))
			if err == nil {
				longest = max(longest, d)
			}
		}
		if longest == 0 {
			return
		}
		least := max(floor, (margin*longest + time.Second - 1).Truncate(time.Second))
		fits = append(fits, Fit{setting, now.String(), least.String(), fmt.Sprintf("%d times the %s that it took", margin, longest), now >= least})
	}
	limit("timing.install_settle", s.InstallSettle, 10*time.Second, "install-time")
	limit("timing.power_timeout", s.PowerTimeout, 2*time.Minute, "power-on-time")
	limit("timing.release_timeout", s.ReleaseTimeout, 2*time.Minute, "block-time", "unblock-time", "ports-time", "power-off-time", "cancel-time")
	limit("timing.tick", s.Tick, time.Second, "list-time")
	if call, err := time.ParseDuration(p.Value("call-time")); err == nil && call > 0 {
		most := max(1, min(50, math.Floor(1/call.Seconds())))
		fits = append(fits, Fit{"panels[].rate", fmt.Sprintf("%g", s.Rate), fmt.Sprintf("at most %g", most), fmt.Sprintf("a call takes %s, and others use the panel too", call), s.Rate <= most})
	}
	return fits
}
