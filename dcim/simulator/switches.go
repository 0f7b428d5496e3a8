package simulator

import (
	"strconv"

	"metalease/internal/settext"
)

// Switch is one way in which panels may differ: what docs/dcimanager.md leaves unconfirmed. The
// name is that of the flag of dcimsim, and stands in the table of facts (dcim/profile).
type Switch struct {
	Name, Usage string
	// Default is that of the flag, where it is not the zero of its type.
	Default string
	field   func(*Config) any
}

// Field is where the switch stands in a configuration: a pointer to a bool, string, int or
// time.Duration.
func (s Switch) Field(c *Config) any { return s.field(c) }

// Set turns the switch, by the text of its flag.
func (s Switch) Set(c *Config, text string) error { return settext.Set(s.Name, s.field(c), text) }

// SwitchOf finds a switch by its name.
func SwitchOf(name string) (Switch, bool) {
	for _, s := range Switches() {
		if s.Name == name {
			return s, true
		}
	}
	return Switch{}, false
}

// Switches are all of them, in the order of dcimsim's help.
func Switches() []Switch {
	return []Switch{
		{"power-time", "how long a power command takes", "2s", func(c *Config) any { return &c.PowerTime }},
		{"flag-delay", "delay before a flag appears or changes", "500ms", func(c *Config) any { return &c.FlagDelay }},
		{"owner-as-name", "list owners by name, not by id", "", func(c *Config) any { return &c.OwnerAsName }},
		{"form-owner-as-name", "show the owner in the server form by name", "", func(c *Config) any { return &c.FormOwnerAsName }},
		{"form-type-as-text", "show the type in the server form as the list does, not as a number", "", func(c *Config) any { return &c.FormTypeAsText }},
		{"list-notes", "show the notes in the list of servers", "", func(c *Config) any { return &c.ListNotes }},
		{"filter", "what a filter of the server list does: exact, contains, ignored, refused or stays", string(FilterExact), func(c *Config) any { return (*string)(&c.Filter) }},
		{"notes-limit", "cut notes at that many characters; 0 is none", "", func(c *Config) any { return &c.NotesLimit }},
		{"notes-crlf", "store line breaks of notes as CR LF", "", func(c *Config) any { return &c.NotesCRLF }},
		{"empty-flags", "leave the text of set flags empty", "", func(c *Config) any { return &c.EmptyFlags }},
		{"disabled-flag-only", "do not show a disabled server as blocked too", "", func(c *Config) any { return &c.DisabledFlagOnly }},
		{"disabled-refuses-power-on", "a disabled server refuses to be powered on", "", func(c *Config) any { return &c.DisabledRefusesPowerOn }},
		{"disabled-refuses-power-off", "a disabled server refuses to be powered off", "", func(c *Config) any { return &c.DisabledRefusesPowerOff }},
		{"disabled-refuses-install", "a disabled server refuses an install", "", func(c *Config) any { return &c.DisabledRefusesInstall }},
		{"disabled-lets-customers", "a customer may switch and install a server of his while it is disabled", "", func(c *Config) any { return &c.DisabledLetsCustomers }},
		{"install-while-installing", "accept an install while another one runs", "", func(c *Config) any { return &c.InstallWhileInstalling }},
		{"template-on-accept", "show the new template when an install is accepted, not when it is done", "", func(c *Config) any { return &c.TemplateOnAccept }},
		{"clear-failure-on-accept", "clear operation_failed when an install is accepted, not when it begins", "", func(c *Config) any { return &c.ClearFailureOnAccept }},
		{"cancel-means-failed", "a cancelled operation leaves operation_failed", "", func(c *Config) any { return &c.CancelMeansFailed }},
		{"cancel-needs-operation", "cancelling where nothing runs is refused", "", func(c *Config) any { return &c.CancelNeedsOperation }},
		{"encoding", "encoding of XML answers, such as windows-1251 (default UTF-8)", "", func(c *Config) any { return &c.Encoding.Name }},
		{"encoding-undeclared", "XML answers say UTF-8 whatever their encoding is", "", func(c *Config) any { return &c.Encoding.Undeclared }},
		{"lower-case-domains", "store host names in lower case", "", func(c *Config) any { return &c.LowerCaseDomains }},
		{"reusable-keys", "a session key logs in more than once", "", func(c *Config) any { return &c.ReusableKeys }},
		{"key-life", "how long a login key works", defaultKeyLife.String(), func(c *Config) any { return &c.KeyLife }},
		{"roaming-sessions", "a session works from any address, not only from the one that logged in", "", func(c *Config) any { return &c.RoamingSessions }},
		{"no-cookie-check", "a browser logs in by key without a cookie and without checkcookie=no", "", func(c *Config) any { return &c.NoCookieCheck }},
		{"console", "answer of ipmiredirect: session, cookie, relative, path, foreign or none", string(ConsoleSession), func(c *Config) any { return (*string)(&c.Console) }},
		{"switch-names", "show the name of the switch in the form of a connection", "", func(c *Config) any { return &c.SwitchNames }},
		{"pdu-type", "how a power unit is called in the list of connections", connectionPDU, func(c *Config) any { return &c.PDUType }},
		{"templates-without-id", "list OS templates by name alone", "", func(c *Config) any { return &c.TemplatesWithoutID }},
		{"traffic-plain", "leave the exact number of bytes out of traffic volumes", "", func(c *Config) any { return &c.TrafficPlain }},
		{"long-ipv6", "spell IPv6 addresses out in address lists", "", func(c *Config) any { return &c.LongIPv6 }},
		{"root-listed", "have the superuser in the list of users", "", func(c *Config) any { return &c.RootListed }},
		{"admin-level", "level of the API account in the list of users", strconv.Itoa(levelAdmin), func(c *Config) any { return &c.AdminLevel }},
		{"min-password", "least length of passwords", "", func(c *Config) any { return &c.MinPassword }},
		{"error-status", "HTTP status of error documents", "200", func(c *Config) any { return &c.ErrorStatus }},
		{"auth-error-type", "error type of a refused login", typeAuth, func(c *Config) any { return &c.AuthErrorType }},
		{"missing-error-type", "error type of an object that is not there", typeMissed, func(c *Config) any { return &c.MissingErrorType }},
		{"pool-error-type", "error type of an empty address pool", typeLimit, func(c *Config) any { return &c.PoolErrorType }},
		{"diagnostics-on-release", "how long diagnostics run on a released server; 0 is none", "", func(c *Config) any { return &c.DiagnosticsOnRelease }},
	}
}
