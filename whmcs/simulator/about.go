package simulator

import (
	"net/http"
	"time"
)

// About is what our module says of itself and of this WHMCS, where it is not as it should be.
type About struct {
	// Version of the module and of PHP; empty: none that was packed, and 8.2.
	Version, PHP string
	// NoHooks: the hook file is not there. NoCron: the cron has not run it. NoRule: no notification rule hears of it.
	NoHooks, NoCron, NoRule bool
	// Old: the module is of before the page.
	Old bool
	// OtherReason counts overdue services that are suspended for another reason.
	OtherReason int
	Faults      []string
}

// about answers for the module itself; it only reads. Products that WHMCS sets up by itself are all or none.
func (w *WHMCS) about([]byte) (int, any) {
	a := w.config.About
	if a.Old {
		return http.StatusNotFound, object{"title": "not found"}
	}
	answer := object{
		"version": or(a.Version, "0.0.0-dev"), "php": or(a.PHP, "8.2.26"), "time_zone": w.config.TimeZone, "hooks": !a.NoHooks, "cron": "", "rules": 1,
		"faults": append([]string{}, a.Faults...), "other_reason": a.OtherReason, "permissions": !w.config.NoPermissions, "users": !w.config.NoUsers,
	}
	if !a.NoCron && !a.NoHooks {
		answer["cron"] = w.config.Now().UTC().Format(time.RFC3339)
	}
	if a.NoRule {
		answer["rules"] = 0
	}
	state := w.State()
	setUp, uncontrolled, unpaid := []int{}, []int{}, 0
	for _, p := range w.config.Products {
		if p.Module != moduleName {
			continue
		}
		if w.config.SetUp != "" {
			setUp = append(setUp, p.ID)
		}
		if !state.Shelves[p.ID].StockControl {
			uncontrolled = append(uncontrolled, p.ID)
		}
	}
	for _, s := range state.Services {
		if w.ours(*s) && s.Status == "Suspended" && s.Suspended == overdue && w.past(s.NextDueDate) {
			unpaid++
		}
	}
	answer["set_up"], answer["uncontrolled"], answer["overdue"] = setUp, uncontrolled, unpaid
	return http.StatusOK, answer
}
