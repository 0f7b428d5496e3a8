// Package billingcheck asks a WHMCS about itself before it is trusted: rights of the API role, our
// module in it, server entries, products, settings that clash with how metalease works, and what
// docs/whmcs-api.md leaves open. It changes nothing: what writes is called with objects that are
// not there.
package billingcheck

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"metalease/internal/config"
	"metalease/whmcs"
)

// Row is one thing that was asked for.
type Row struct {
	Fact string `json:"fact"`
	// Line is that of docs/whmcs-api.md 10 that the row answers; empty for none.
	Line     string `json:"line,omitempty"`
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
	// seen are values of facts of docs/whmcs-api.md 10, by their ids.
	seen map[string]string
	// about is what our module said of itself; nil: it said nothing.
	about    *whmcs.About
	products []whmcs.Product
}

func (c *Checker) row(bad bool, fact, expected, seen, means string) {
	c.rows = append(c.rows, Row{Fact: fact, Expected: expected, Seen: seen, Means: means, Bad: bad})
}

// Check asks for everything. Errors are those of a WHMCS that does not answer, or that refuses the
// credential: there is nothing to be said of it then. The rows until then are returned all the same.
func (c *Checker) Check(ctx context.Context) ([]Row, error) {
	c.seen = map[string]string{}
	for _, part := range []struct {
		say string
		run func(context.Context) error
	}{
		{"its version", c.version}, {"the rights of the API role", c.rights}, {"the module", c.module}, {"server entries", c.entries},
		{"products", c.sold}, {"automation settings", c.automation}, {"the cron", c.cron},
	} {
		if c.Say != nil {
			c.Say("asking for " + part.say)
		}
		if err := part.run(ctx); err != nil {
			return c.rows, err
		}
	}
	c.ofTheModule()
	c.open()
	return c.rows, nil
}

// Worst is the first row that has to be repaired: the parts are asked for in the order in which one
// rests on the other.
func Worst(rows []Row) (Row, bool) {
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Bad })
	if i < 0 {
		return Row{}, false
	}
	return rows[i], true
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
		tried, err := c.Client.Try(ctx, r)
		if err != nil {
			return err
		}
		if tried.Status != 0 {
			c.seen["refused-status"] = strconv.Itoa(tried.Status)
		}
		fact := "the API role allows " + r.Action
		if !tried.Allowed {
			c.row(true, fact, "yes", "no", "needed for "+r.For+": allow it in System Settings > API Credentials > API Roles")
			continue
		}
		c.row(false, fact, "yes", "yes", r.For)
		if r.Action == "GetClientsProducts" {
			c.seen["missing-service"] = map[bool]string{true: "an error", false: "no row"}[tried.Missing]
		}
	}
	return nil
}

func (c *Checker) entries(ctx context.Context) error {
	entries, err := c.Client.Entries(ctx)
	if c.unreadable(err) {
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

// sold asks for the products of the configuration, or for those of the module.
func (c *Checker) sold(ctx context.Context) error {
	var err error
	if c.products, err = c.Client.Products(ctx); err != nil {
		return err
	}
	modules := map[int]string{}
	sold := 0
	for _, p := range c.products {
		modules[p.ID] = p.Module
		if p.Module == ourModule {
			sold++
		}
	}
	if len(c.Config.Products) == 0 {
		means := "these are set up by metalease"
		if sold == 0 {
			means = "none yet: choose the module at a product when you are ready"
		}
		c.row(false, "products with the module metalease", "some", strconv.Itoa(sold), means)
		return nil
	}
	for _, p := range c.Config.Products {
		module, there := modules[p.Product]
		fact := fmt.Sprintf("product %d of the configuration", p.Product)
		switch {
		case !there:
			c.row(true, fact, ourModule, "not there", "correct products[].product")
		case module != ourModule:
			c.row(true, fact, ourModule, module, "choose the module metalease at the product, or take it out of products")
		default:
			c.row(false, fact, ourModule, module, "shops may sell it")
		}
	}
	return nil
}

func days(text string) time.Duration {
	n, _ := strconv.Atoi(text) // none is 0: at once
	return time.Duration(n) * 24 * time.Hour
}
