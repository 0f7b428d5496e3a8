package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"metalease/internal/duration"
	"metalease/internal/hostname"
)

// Order is one paid service as WHMCS sold it: the body of POST /v1/services.
type Order struct {
	ServiceID int `json:"service_id"`
	ClientID  int `json:"client_id"`
	OrderID   int `json:"order_id,omitempty"`
	// PaidAt decides who is served first when servers are short.
	PaidAt  time.Time `json:"paid_at"`
	Panel   string    `json:"panel"`
	Package string    `json:"package"`
	// OSTemplate is a template id of the panel, REPO__NAME (docs/dcimanager.md 3.6).
	OSTemplate string `json:"os_template"`
	// Recipe is empty for none.
	Recipe string `json:"recipe,omitempty"`
	// IPv4 and IPv6 count the addresses beyond the main one.
	IPv4         int    `json:"ipv4,omitempty"`
	IPv6         int    `json:"ipv6,omitempty"`
	AddressGroup string `json:"address_group,omitempty"`
	Domain       string `json:"domain"`
	// DontWait makes the service Active as soon as the panel has accepted the install.
	DontWait        bool     `json:"dont_wait,omitempty"`
	InstallTimeout  Duration `json:"install_timeout,omitempty"`
	InstallAttempts int      `json:"install_attempts,omitempty"`
	Grace           Duration `json:"grace,omitempty"`
	// ServerID names one server; it gets that one or a clear error.
	ServerID ID `json:"server_id,omitempty"`
	// Restart starts a released service anew.
	Restart bool `json:"restart,omitempty"`
}

// FieldError is one fault of an order.
type FieldError struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// maxExtraAddresses keeps a typing error from emptying an address pool.
const maxExtraAddresses = 256

// Faults names every field that no order can have; it knows nothing of panels.
func (o Order) Faults() []FieldError {
	var faults []FieldError
	fault := func(bad bool, field, reason string) {
		if bad {
			faults = append(faults, FieldError{field, reason})
		}
	}
	fault(o.ServiceID <= 0, "service_id", "must be a WHMCS service id, above zero")
	fault(o.ClientID <= 0, "client_id", "must be a WHMCS client id, above zero")
	fault(o.OrderID < 0, "order_id", "must not be negative")
	fault(o.PaidAt.IsZero(), "paid_at", "must be a time such as 2026-01-31T12:00:00Z")
	long := func(field, text string) {
		fault(utf8.RuneCountInString(text) > LimitName, field, fmt.Sprintf("must have at most %d characters", LimitName))
	}
	long("panel", o.Panel)
	long("package", o.Package)
	long("os_template", o.OSTemplate)
	long("recipe", o.Recipe)
	long("address_group", o.AddressGroup)
	long("server_id", string(o.ServerID))
	fault(o.Panel == "", "panel", "must name a panel of the configuration")
	fault(strings.TrimSpace(o.Package) == "", "package", "must be the panel's Configuration or Server Type")
	fault(o.OSTemplate == "" && o.ServerID == "", "os_template", "must be a template id of the panel, such as ISPsystem__Debian-12-x86_64")
	fault(o.IPv4 < 0 || o.IPv4 > maxExtraAddresses, "ipv4", fmt.Sprintf("must be a count from 0 to %d", maxExtraAddresses))
	fault(o.IPv6 < 0 || o.IPv6 > maxExtraAddresses, "ipv6", fmt.Sprintf("must be a count from 0 to %d", maxExtraAddresses))
	fault(!hostname.Valid(o.Domain), "domain", "must be a host name such as s101.example.com")
	fault(hostname.Same(o.Domain, freeName), "domain", "free.ds marks a free server")
	fault(o.InstallTimeout < 0, "install_timeout", "must not be negative")
	fault(o.InstallAttempts < 0 || o.InstallAttempts > 10, "install_attempts", "must be a count from 0 (default) to 10")
	fault(o.Grace < 0, "grace", "must not be negative")
	return faults
}

// ID is a vendor's identifier. JSON may give it as a number or as text.
type ID string

// UnmarshalJSON takes "5", 5 and null.
func (id *ID) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*id = ""
		return nil
	}
	var text string
	if json.Unmarshal(b, &text) == nil {
		*id = ID(strings.TrimSpace(text))
		return nil
	}
	var number json.Number
	if err := json.Unmarshal(b, &number); err != nil {
		return fmt.Errorf("an id must be text or a number")
	}
	*id = ID(number.String())
	return nil
}

// Duration is a length of time as people write it: "720s", "72h", "1d12h", or a number of seconds.
type Duration = duration.Duration
