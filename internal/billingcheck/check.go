// Package billingcheck asks a WHMCS about itself before it is trusted: rights of the API role, our
// module in it, server entries, products, and settings that clash with how metalease works. It
// changes nothing: what writes is called with objects that are not there.
package billingcheck

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"metalease/internal/config"
	"metalease/whmcs"
)

// Row is one thing that was asked for.
type Row struct {
	Fact     string `json:"fact"`
	Expected string `json:"expected"`
	// Seen is empty for what cannot be told from outside; then Means says where to look.
	Seen  string `json:"seen,omitempty"`
	Means string `json:"means"`
	Bad   bool   `json:"bad,omitempty"`
}

// Checker asks one WHMCS.
type Checker struct {
	Client *whmcs.Client
	Config *config.Config
	// Version is ours: the module should have the same.
	Version string
	// Say is told how far the work has come; nil: nobody.
	Say  func(text string)
	rows []Row
}

func (c *Checker) row(bad bool, fact, expected, seen, means string) {
	c.rows = append(c.rows, Row{fact, expected, seen, means, bad})
}

// Check asks for everything. Errors are those of a WHMCS that does not answer, or that refuses the
// credential: there is nothing to be said of it then.
func (c *Checker) Check(ctx context.Context) ([]Row, error) {
	for _, part := range []struct {
		say string
		run func(context.Context) error
	}{
		{"its version", c.version}, {"the rights of the API role", c.rights}, {"the module", c.module}, {"server entries", c.entries},
		{"products", c.products}, {"automation settings", c.automation},
	} {
		if c.Say != nil {
			c.Say("asking for " + part.say)
		}
		if err := part.run(ctx); err != nil {
			return nil, err
		}
	}
	c.untold()
	return c.rows, nil
}

// oldest is the first major version that is supported (docs/whmcs.md).
const oldest = 8

func (c *Checker) version(ctx context.Context) error {
	is, err := c.Client.Version(ctx)
	if err != nil {
		return err
	}
	major, _, _ := strings.Cut(is, ".")
	number, err := strconv.Atoi(major)
	bad := err != nil || number < oldest
	means := "supported"
	if bad {
		means = "metalease works with WHMCS 8 and later: update WHMCS"
	}
	c.row(bad, "version of WHMCS", "8 or later", is, means)
	return nil
}

func (c *Checker) rights(ctx context.Context) error {
	for _, r := range whmcs.Rights() {
		if r.Shops && len(c.Config.Shops) == 0 {
			continue
		}
		allowed, err := c.Client.Allowed(ctx, r)
		if err != nil {
			return err
		}
		fact := "the API role allows " + r.Action
		if allowed {
			c.row(false, fact, "yes", "yes", r.For)
		} else {
			c.row(true, fact, "yes", "no", "needed for "+r.For+": allow it in System Settings > API Credentials > API Roles")
		}
	}
	return nil
}

// nothing is a service that no WHMCS has.
const nothing = 999999999

// module asks each page of our module, about nothing.
func (c *Checker) module(ctx context.Context) error {
	for _, page := range []struct {
		path string
		ask  func() error
	}{
		{whmcs.OrdersPage, func() error { _, err := c.Client.SoldOrders(ctx, []int{nothing}, false); return err }},
		{whmcs.IspsystemPage, func() error { _, err := c.Client.IspsystemRecords(ctx, []int{nothing}, 0); return err }},
	} {
		err := page.ask()
		fact := "the module answers at " + page.path
		switch {
		case err == nil:
			c.row(false, fact, "yes", "yes", "the module is there, and takes our signature")
		case errors.Is(err, whmcs.ErrUnknownAction):
			c.row(true, fact, "yes", "no", "unpack the module in the root of WHMCS (docs/whmcs.md)")
		case errors.Is(err, whmcs.ErrCredentials):
			c.row(true, fact, "yes", "refused", "the server entry's Password must be gateway.secret, and its installation= ours: "+err.Error())
		default:
			c.row(true, fact, "yes", whmcs.KindOf(err).String(), err.Error())
		}
	}
	return nil
}

func (c *Checker) entries(ctx context.Context) error {
	entries, err := c.Client.Entries(ctx)
	if errors.Is(err, whmcs.ErrCredentials) {
		c.row(false, "server entries", "one for each panel", "", "allow GetServers to have them compared")
		return nil
	}
	if err != nil {
		return err
	}
	ours := 0
	for _, e := range entries {
		if e.Module == ourModule {
			ours++
		}
	}
	bad := ours < len(c.Config.Panels)
	means := "orders find their panel by it"
	if bad {
		means = "make an entry for each panel (docs/whmcs.md)"
	}
	c.row(bad, "server entries of the module metalease", fmt.Sprintf("%d or more", len(c.Config.Panels)), strconv.Itoa(ours), means)
	for _, p := range c.Config.Panels {
		for _, name := range p.WHMCSServers {
			c.entry(p.Name, name, entries)
		}
	}
	return nil
}

func (c *Checker) entry(panel, name string, entries []whmcs.Entry) {
	fact := fmt.Sprintf("a server entry that whmcs_servers of panel %s names", panel)
	for _, e := range entries {
		if e.Name == name {
			c.row(!e.Active, fact, "active", map[bool]string{true: "active", false: "inactive"}[e.Active], "WHMCS chooses only active ones")
			return
		}
	}
	c.row(true, fact, "active", "not there", "correct whmcs_servers, or the entry's name: services of that entry would belong to no panel")
}

const ourModule = "metalease"

func (c *Checker) products(ctx context.Context) error {
	var ids []int
	for _, p := range c.Config.Products {
		ids = append(ids, p.Product)
	}
	products, err := c.Client.Products(ctx, ids...)
	if err != nil {
		return err
	}
	modules := map[int]string{}
	sold := 0
	for _, p := range products {
		modules[p.ID] = p.Module
		if p.Module == ourModule {
			sold++
		}
	}
	if len(ids) == 0 {
		means := "these are set up by metalease"
		if sold == 0 {
			means = "none yet: choose the module at a product when you are ready"
		}
		c.row(false, "products with the module metalease", "some", strconv.Itoa(sold), means)
		return nil
	}
	for _, id := range ids {
		module, there := modules[id]
		switch {
		case !there:
			c.row(true, fmt.Sprintf("product %d of the configuration", id), ourModule, "not there", "correct products[].product")
		case module != ourModule:
			c.row(true, fmt.Sprintf("product %d of the configuration", id), ourModule, module, "choose the module metalease at the product, or take it out of products")
		default:
			c.row(false, fmt.Sprintf("product %d of the configuration", id), ourModule, module, "shops may sell it")
		}
	}
	return nil
}

// automation compares what WHMCS does by itself with the grace period.
func (c *Checker) automation(ctx context.Context) error {
	values := map[string]string{}
	for _, name := range []string{"AutoSuspension", "AutoSuspensionDays", "AutoUnsuspend", "AutoTermination", "AutoTerminationDays"} {
		value, err := c.Client.Setting(ctx, name)
		switch {
		case errors.Is(err, whmcs.ErrCredentials), errors.Is(err, whmcs.ErrUnknownAction):
			c.row(false, "automation settings", "they fit the grace period", "", "allow GetConfigurationValue to have them compared, or look in Automation Settings")
			return nil
		case errors.Is(err, whmcs.ErrRefused):
		case err != nil:
			return err
		}
		values[name] = value
	}
	c.onOff(values["AutoSuspension"], "overdue services are suspended", "nobody who does not pay is ever blocked: switch Enable Suspension on")
	c.onOff(values["AutoUnsuspend"], "paid services are unsuspended", "who pays late stays blocked until staff unsuspend: switch Enable Unsuspension on")
	if values["AutoTermination"] != "on" {
		c.row(false, "overdue services are terminated by WHMCS", "off, or after the grace period", "off", "metalease ends them after the grace period, and tells WHMCS")
		return nil
	}
	suspended, terminated := days(values["AutoSuspensionDays"]), days(values["AutoTerminationDays"])
	grace := c.Config.Defaults.Grace
	bad := terminated < suspended+grace
	means := "the grace period ends before"
	if bad {
		means = fmt.Sprintf("WHMCS ends services before the grace period of %s is over: more days, or Enable Termination off", grace)
	}
	c.row(bad, "overdue services are terminated by WHMCS", "off, or after the grace period", "after "+values["AutoTerminationDays"]+" days", means)
	return nil
}

func (c *Checker) onOff(value, fact, otherwise string) {
	if value == "on" {
		c.row(false, fact, "on", "on", "as it should be")
		return
	}
	c.row(true, fact, "on", "off", otherwise)
}

func days(text string) time.Duration {
	n, _ := strconv.Atoi(text) // none is 0: at once
	return time.Duration(n) * 24 * time.Hour
}

// untold is what neither API nor module tell.
func (c *Checker) untold() {
	for _, r := range [][3]string{
		{"the module's version", c.Version, "Test Connection of the server entry compares it"},
		{"hooks", "installed", "Test Connection tells when the hook has not run"},
		{"Automatically setup of products", "do not automatically setup", "look at each product's Module Settings (docs/whmcs.md)"},
		{"a notification rule for metalease", "one", "look in System Settings > Notifications: trigger API, identifier metalease"},
		{"time zone", "that of the host's day", "due dates count as days of WHMCS's own time zone (PHP's)"},
		{"the reason Overdue on Payment", "not translated", "if your WHMCS translates it, set MetaleaseOverdueReason (docs/whmcs.md)"},
	} {
		c.row(false, r[0], r[1], "", r[2])
	}
}
