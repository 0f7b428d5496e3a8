package api

import "time"

// Settings are the times that the configuration gives to a service when it is
// started; zero means the default.
type Settings struct {
	// PowerTimeout is how long a power-on may take.
	PowerTimeout Duration `json:"power_timeout,omitempty"`
	// FollowDelay is how long WHMCS may take to show what its own call caused.
	FollowDelay Duration `json:"follow_delay,omitempty"`
	// Repeat is how often an unanswered request is sent again.
	Repeat Duration `json:"repeat,omitempty"`
	// RetryCap is the longest pause between two attempts of an activity.
	RetryCap Duration `json:"retry_cap,omitempty"`
	// Heartbeat is how soon the work of a killed worker is taken over.
	Heartbeat Duration `json:"heartbeat,omitempty"`
	// ActivationTimeout is how long WHMCS may refuse to turn a service Active.
	ActivationTimeout Duration `json:"activation_timeout,omitempty"`
}

// Defaults of an order and of the settings. 720 s is the host's rule (docs/architecture.md,
// rule 4), 600 s what the module of today waits (docs/dcimanager.md R5).
const (
	DefaultInstallTimeout    = 720 * time.Second
	DefaultGrace             = 72 * time.Hour
	DefaultPowerTimeout      = 600 * time.Second
	DefaultFollowDelay       = 15 * time.Second
	DefaultRepeat            = time.Minute
	DefaultRetryCap          = time.Minute
	DefaultHeartbeat         = 20 * time.Second
	DefaultActivationTimeout = time.Hour
)

func (s Settings) WithDefaults() Settings {
	fill := func(d *Duration, value time.Duration) {
		if *d <= 0 {
			*d = Duration(value)
		}
	}
	fill(&s.PowerTimeout, DefaultPowerTimeout)
	fill(&s.FollowDelay, DefaultFollowDelay)
	fill(&s.Repeat, DefaultRepeat)
	fill(&s.RetryCap, DefaultRetryCap)
	fill(&s.Heartbeat, DefaultHeartbeat)
	fill(&s.ActivationTimeout, DefaultActivationTimeout)
	return s
}
