package billingcheck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"metalease/internal/config"
	"metalease/internal/version"
	"metalease/whmcs"
)

// nothing is a service that no WHMCS has.
const nothing = 999999999

// module asks each page of our module, about nothing, and the module about itself.
func (c *Checker) module(ctx context.Context) error {
	for _, page := range []struct {
		path string
		ask  func() error
	}{
		{whmcs.OrdersPage, func() error { _, err := c.Client.SoldOrders(ctx, []int{nothing}, false); return err }},
		{whmcs.IspsystemPage, func() error { _, err := c.Client.IspsystemRecords(ctx, []int{nothing}, 0); return err }},
		{whmcs.AboutPage, func() error {
			about, err := c.Client.About(ctx)
			if err == nil {
				c.about = &about
			}
			return err
		}},
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

// lively is how long ago the cron may have run our hook: WHMCS runs it each five minutes.
const lively = time.Hour

// ofTheModule is what the module has said of itself and of WHMCS; where it said nothing, how to see it.
func (c *Checker) ofTheModule() {
	a := c.about
	if a == nil {
		c.untold()
		return
	}
	apart := a.Version != c.Version && a.Version != version.Unstamped && c.Version != version.Unstamped
	c.judged(apart, "the module's version", c.Version, a.Version, "as ours", "bring the older of both up to the newer; after an update reload PHP")
	switch ran, err := time.Parse(time.RFC3339, a.Cron); {
	case !a.Hooks:
		c.row(true, "hooks", "installed", "not there", "unpack includes/hooks/metalease.php too: without it nothing starts a paid order")
	case a.Cron == "":
		c.row(true, "hooks", "installed", "the cron has not run them", "set up WHMCS's cron job, and wait for its next run: each five minutes it finds again what was missed")
	case err != nil || time.Since(ran) > lively:
		c.row(true, "hooks", "installed", "the cron ran them last at "+a.Cron, "WHMCS's cron job does not run: what a hook missed is not found again")
	default:
		c.row(false, "hooks", "installed", "installed", "the cron ran them last at "+a.Cron)
	}
	c.judged(len(a.SetUp) > 0, "Automatically setup of products", "do not automatically setup", cmp.Or(numbers(a.SetUp), "none does"), "metalease starts orders by itself",
		"the products of these ids are set up by WHMCS too early, which reports a failure that is none: choose Do not automatically setup")
	c.rules(a.Rules)
	overdue := fmt.Sprintf("%d of %d", a.Overdue, a.Overdue+a.OtherReason)
	c.judged(a.OtherReason > 0 && a.Overdue == 0, "suspended services past their due date whose reason is Overdue on Payment", "all", overdue,
		"another reason is a person's; set MetaleaseOverdueReason if WHMCS translates its own (docs/whmcs.md)",
		"WHMCS seems to translate its reason, so that no grace period begins: set MetaleaseOverdueReason (docs/whmcs.md)")
	c.judged(len(a.Faults) > 0, "settings and language files of the module", "no fault", cmp.Or(strings.Join(a.Faults, " "), "no fault"), "as they should be", "correct what is named")
	c.seen["time-zone"], c.seen["php"] = a.TimeZone, a.PHP
	c.seen["permissions"], c.seen["users"] = yesNo(a.Permissions), yesNo(a.Users)
	c.seen["rules"] = yesNo(a.Rules != nil)
	c.stock(a.Uncontrolled)
}

// judged is a row with one meaning when it is well, and another when not.
func (c *Checker) judged(bad bool, fact, expected, seen, well, otherwise string) {
	if bad {
		well = otherwise
	}
	c.row(bad, fact, expected, seen, well)
}

func (c *Checker) rules(found *int) {
	const fact = "a notification rule for metalease"
	where := "System Settings > Notifications: trigger API, identifier metalease"
	switch {
	case c.Config.WHMCS.Notify != "" && c.Config.WHMCS.Notify != config.NotifyEvent:
		c.row(false, fact, "none is needed", "", "whmcs.notify is "+c.Config.WHMCS.Notify)
	case found == nil:
		c.row(false, fact, "one", "", "this WHMCS does not tell it: look in "+where)
	case *found == 0:
		c.row(true, fact, "one", "none", "nobody is told of a service that needs a person: make one in "+where)
	default:
		c.row(false, fact, "one", fmt.Sprint(*found), "staff are told of services that need a person")
	}
}

// stock looks what quantity_available is where there is no stock control.
func (c *Checker) stock(uncontrolled []int) {
	for _, id := range uncontrolled {
		for _, p := range c.products {
			if p.ID == id {
				c.seen["no-stock-control"] = "0"
				if p.Available != 0 {
					c.seen["no-stock-control"] = "another number"
					return
				}
			}
		}
	}
}

func yesNo(is bool) string { return map[bool]string{true: "yes", false: "no"}[is] }

func numbers(ids []int) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(ids)), ", "), "[]")
}

// untold is what only the module could tell, and did not: each line says how to see it.
func (c *Checker) untold() {
	for _, r := range [][3]string{
		{"the module's version", c.Version, "Test Connection of the server entry compares it"},
		{"hooks", "installed", "look for includes/hooks/metalease.php in the root of WHMCS"},
		{"Automatically setup of products", "do not automatically setup", "look at each product's Module Settings (docs/whmcs.md)"},
		{"a notification rule for metalease", "one", "look in System Settings > Notifications: trigger API, identifier metalease"},
		{"suspended services past their due date whose reason is Overdue on Payment", "all", "look at a service that WHMCS has suspended; if its reason is translated, set MetaleaseOverdueReason (docs/whmcs.md)"},
	} {
		c.row(false, r[0], r[1], "", r[2])
	}
}
