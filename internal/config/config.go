// Package config reads the one configuration file that the worker, the gateway and the command line share.
//
// It is strict: an unknown key, a missing value and a value out of bounds are faults, and all faults are reported
// together. ${NAME} inside a value is taken from the environment; $${ stands for a literal ${.
package config

import (
	"time"

	"metalease/internal/secret"
)

// Config is the whole file. Which parts must be filled in depends on the [Role] that reads it: a field marked `for`
// is needed by that role alone, and only there is an unset environment variable a fault.
type Config struct {
	Installation string    `yaml:"installation"` // name of this WHMCS, part of every mark
	WHMCS        WHMCS     `yaml:"whmcs" for:"worker,whmcs"`
	Panels       []Panel   `yaml:"panels"`
	Gateway      Gateway   `yaml:"gateway" for:"gateway,whmcs"`
	Shops        []Shop    `yaml:"shops"`
	Products     []Product `yaml:"products"`
	Catalogue    Catalogue `yaml:"catalogue"`
	Defaults     Defaults  `yaml:"defaults"`
	Timing       Timing    `yaml:"timing" for:"worker"`
	Worker       Worker    `yaml:"worker" for:"worker"`
	Log          Log       `yaml:"log"`
	Temporal     Temporal  `yaml:"temporal"`
}

// WHMCS says how to reach the WHMCS API of this installation.
type WHMCS struct {
	URL           string        `yaml:"url"`        // of the WHMCS root; https; http only to this machine or a container beside it
	PublicURL     string        `yaml:"public_url"` // the same root as customers' browsers reach it; empty: url
	Identifier    string        `yaml:"identifier"` // API credential
	Secret        secret.Secret `yaml:"secret"`
	AccessKey     secret.Secret `yaml:"access_key"`        // $api_access_key of configuration.php; optional
	CA            string        `yaml:"ca"`                // PEM file; empty: the system's roots
	Fingerprint   string        `yaml:"fingerprint"`       // SHA-256 of the certificate, 64 lower-case hex digits; instead of CA
	Timeout       time.Duration `yaml:"timeout"`           // of one call
	ModuleTimeout time.Duration `yaml:"module_timeout"`    // of one call that runs a server module (ModuleCreate and so on)
	Rate          float64       `yaml:"rate"`              // calls a second
	Concurrency   int           `yaml:"concurrency"`       // calls at a time
	Modules       []string      `yaml:"modules"`           // server modules whose services own servers
	Notify        string        `yaml:"notify"`            // who is told of attention: event (notification rules), ticket, or off
	TicketDept    int           `yaml:"ticket_department"` // id of the department, with notify: ticket
}

// Ways to tell somebody of a service that needs attention.
const (
	NotifyEvent  = "event"
	NotifyTicket = "ticket"
	NotifyOff    = "off"
)

// Panel is one DCImanager.
type Panel struct {
	Name         string        `yaml:"name"`
	URL          string        `yaml:"url" for:"worker,panel"`        // with the path of the program, such as https://dci.example.com:1500/dcimgr
	PublicURL    string        `yaml:"public_url" for:"worker,panel"` // the same as browsers reach it, which sign in there; empty: url
	User         string        `yaml:"user" for:"worker,panel"`
	Password     secret.Secret `yaml:"password" for:"worker,panel"`
	CA           string        `yaml:"ca" for:"worker,panel"`          // PEM file; empty: the system's roots
	Fingerprint  string        `yaml:"fingerprint" for:"worker,panel"` // SHA-256 of the certificate, 64 lower-case hex digits; instead of CA
	Timeout      time.Duration `yaml:"timeout" for:"worker,panel"`     // of one call
	Rate         float64       `yaml:"rate" for:"worker,panel"`        // calls a second
	Concurrency  int           `yaml:"concurrency" for:"worker,panel"` // calls at a time
	UrgentShare  float64       `yaml:"urgent_share" for:"worker,panel"`
	WHMCSServers []string      `yaml:"whmcs_servers" for:"worker"` // names of the WHMCS server entries that are this panel

	Profile            string        `yaml:"profile"`                            // file with what was seen of the panel; beside this one unless it is absolute
	Mode               string        `yaml:"mode"`                               // manage, or observe: nothing at all is written
	MaxReleasesPerHour int           `yaml:"max_releases_per_hour" for:"worker"` // of customers' servers; more wait for a person
	MaxBlocksPerHour   int           `yaml:"max_blocks_per_hour" for:"worker"`   // more wait for a person
	Resale             string        `yaml:"resale" for:"worker"`                // at-once, after-diagnostics or hold: when a released server is stock again
	ResaleHold         time.Duration `yaml:"resale_hold" for:"worker"`           // with resale: hold
	Wipe               string        `yaml:"wipe" for:"worker"`                  // panel: its own policy; on-install: each install clears the disks first
	ReconcileEvery     time.Duration `yaml:"reconcile_every" for:"worker"`       // between two comparisons of panel, WHMCS and workflows
}

// Modes of a panel.
const (
	ModeManage  = "manage"
	ModeObserve = "observe"
)

// When a released server may be sold again.
const (
	ResaleAtOnce      = "at-once"
	ResaleDiagnostics = "after-diagnostics"
	ResaleHold        = "hold"
)

// Who clears the disks of a released server.
const (
	WipePanel     = "panel"
	WipeOnInstall = "on-install"
)

// words are what the keys take that take no other word: the only place that lists them. Texts for people are held to it.
var words = map[string][]string{
	"price_difference": {PriceRefuse, PriceShow},
	"mode":             {ModeManage, ModeObserve},
	"resale":           {ResaleAtOnce, ResaleDiagnostics, ResaleHold},
	"wipe":             {WipePanel, WipeOnInstall},
	"role":             {KeyEncrypts, KeyDecrypts},
	"notify":           {NotifyEvent, NotifyTicket, NotifyOff},
	"format":           {"json", "console"},
	"level":            {"debug", "info", "warn", "error"},
}

// Gateway says where `starter serve` listens, and holds the secret that signs the calls to it.
type Gateway struct {
	Listen         string        `yaml:"listen"`
	Secret         secret.Secret `yaml:"secret"`
	PreviousSecret secret.Secret `yaml:"previous_secret"` // valid beside it while the secret is changed; optional
	ReadKeys       []ReadKey     `yaml:"read_keys"`       // of programs that only read
	TLSCert        string        `yaml:"tls_cert"`        // PEM file; with TLSKey, or both empty for plain HTTP
	TLSKey         string        `yaml:"tls_key"`
	// MetricsListen is an address of its own for /metrics, with the figures of the whole installation; empty: /metrics of Listen, without them.
	MetricsListen string `yaml:"metrics_listen"`
	WebUI         string `yaml:"web_ui"` // of the Temporal Web UI, for links to a service's workflow; empty: no links
}

// ReadKey lets a program read and nothing else: its GET calls are signed with a secret of its own, named in X-Metalease-Key.
type ReadKey struct {
	Name   string        `yaml:"name"`
	Secret secret.Secret `yaml:"secret" for:"gateway"`
}

// Defaults are used where an order does not say otherwise.
type Defaults struct {
	InstallTimeout  time.Duration `yaml:"install_timeout"`  // from acceptance to the error in WHMCS
	InstallAttempts int           `yaml:"install_attempts"` // servers to try
	Grace           time.Duration `yaml:"grace"`            // from the block to the release
}

// Timing is the clockwork of the workflows.
type Timing struct {
	Tick           time.Duration `yaml:"tick"`            // between two shared lists of a panel's servers
	PowerTimeout   time.Duration `yaml:"power_timeout"`   // for a server to reach the asked power state
	Repeat         time.Duration `yaml:"repeat"`          // before a request to the allocator or an account is repeated
	FollowDelay    time.Duration `yaml:"follow_delay"`    // before WHMCS is made to follow an effect
	InstallSettle  time.Duration `yaml:"install_settle"`  // for the panel to show an accepted install as running
	ReleaseTimeout time.Duration `yaml:"release_timeout"` // for one step of a release
	RetryCap       time.Duration `yaml:"retry_cap"`       // longest pause between two tries of an activity
	Heartbeat      time.Duration `yaml:"heartbeat"`       // after which the work of a worker that died is taken over
}

// Worker sizes the worker process. Slots are activities at a time, for each panel.
type Worker struct {
	MetricsListen string        `yaml:"metrics_listen"` // address of /metrics and /healthz; empty: off
	BuildSlots    int           `yaml:"build_slots"`
	UrgentSlots   int           `yaml:"urgent_slots"`
	WatchSlots    int           `yaml:"watch_slots"`
	StopTimeout   time.Duration `yaml:"stop_timeout"` // for running activities to end; keep it below the container's own limit
	Versioning    bool          `yaml:"versioning"`   // each build takes work only once it is made current (docs/upgrade.md)
	BuildID       string        `yaml:"build_id"`     // the build's name then; empty: its version
}

// Log says how the programs log.
type Log struct {
	Format string `yaml:"format"` // json or console
	Level  string `yaml:"level"`  // debug, info, warn or error
	// AuditFile takes the lines of who did what (logger audit) as JSON, beside no other; empty: the log has them.
	AuditFile string `yaml:"audit_file" for:"worker,panel"`
}

// Panel returns the panel of that name.
func (c *Config) Panel(name string) (Panel, bool) {
	for _, panel := range c.Panels {
		if panel.Name == name {
			return panel, true
		}
	}
	return Panel{}, false
}

// Secrets are all passwords, keys and tokens of the file, for a redactor.
func (c *Config) Secrets() []string {
	secrets := []string{c.WHMCS.Secret.Reveal(), c.WHMCS.AccessKey.Reveal(), c.Gateway.Secret.Reveal(), c.Gateway.PreviousSecret.Reveal()}
	for _, key := range c.Gateway.ReadKeys {
		secrets = append(secrets, key.Secret.Reveal())
	}
	for _, panel := range c.Panels {
		secrets = append(secrets, panel.Password.Reveal())
	}
	for _, shop := range c.Shops {
		secrets = append(secrets, shop.Secret.Reveal(), shop.PreviousSecret.Reveal(), shop.Webhook.Secret.Reveal())
	}
	for _, key := range c.Temporal.Encryption.Keys {
		secrets = append(secrets, key.Key.Reveal())
	}
	secrets = append(secrets, c.Temporal.Encryption.CodecToken.Reveal())
	return secrets
}

// PanelNames lists the panels in the order of the file.
func (c *Config) PanelNames() []string {
	names := make([]string, len(c.Panels))
	for i, panel := range c.Panels {
		names[i] = panel.Name
	}
	return names
}

func (c *Config) setDefaults() {
	c.WHMCS = WHMCS{
		Timeout: 30 * time.Second, ModuleTimeout: 90 * time.Second, Rate: 10, Concurrency: 8,
		Modules: []string{"metalease", "dcimanager"}, Notify: NotifyEvent,
	}
	c.Gateway = Gateway{Listen: "127.0.0.1:8080"}
	c.Defaults = Defaults{InstallTimeout: 720 * time.Second, InstallAttempts: 1, Grace: 72 * time.Hour}
	c.Timing = Timing{
		Tick: 2 * time.Second, PowerTimeout: 600 * time.Second, Repeat: time.Minute, FollowDelay: 15 * time.Second,
		InstallSettle: time.Minute, ReleaseTimeout: 10 * time.Minute, RetryCap: time.Minute,
		Heartbeat: 20 * time.Second,
	}
	c.Worker = Worker{BuildSlots: 50, UrgentSlots: 50, WatchSlots: 1000, StopTimeout: 25 * time.Second}
	c.Catalogue = Catalogue{Rate: 10}
	c.Log = Log{Format: "json", Level: "info"}
}

func (p *Panel) setDefaults() {
	*p = Panel{
		Timeout: time.Minute, Rate: 10, Concurrency: 8, UrgentShare: 0.25, Mode: ModeManage,
		MaxReleasesPerHour: 20, MaxBlocksPerHour: 50, Resale: ResaleAtOnce, ResaleHold: 24 * time.Hour, Wipe: WipePanel,
		ReconcileEvery: time.Hour,
	}
}
