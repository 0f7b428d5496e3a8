package whmcs

import "context"

// AboutPage is where our module says what it is, and what it finds in WHMCS that the API does not show (docs/whmcs-api.md 1.6).
const AboutPage = "/modules/servers/metalease/about.php"

// About is what our module says of itself and of its WHMCS. It names nobody and holds no secret.
type About struct {
	Version string `json:"version"`
	PHP     string `json:"php"`
	// TimeZone is that of PHP, in which WHMCS writes dates.
	TimeZone string `json:"time_zone"`
	// Hooks tells that its hook file is where WHMCS reads it, Cron when WHMCS's cron ran it last, RFC 3339; empty: never.
	Hooks bool   `json:"hooks"`
	Cron  string `json:"cron"`
	// SetUp are ids of its products that WHMCS sets up by itself, Uncontrolled of those without stock control.
	SetUp        []int `json:"set_up"`
	Uncontrolled []int `json:"uncontrolled"`
	// Rules are active notification rules that hear of metalease; nil: where they are kept is not known.
	Rules *int `json:"rules"`
	// Overdue and OtherReason count its suspended services whose due date is past: those whose reason means unpaid, and the others.
	Overdue     int `json:"overdue"`
	OtherReason int `json:"other_reason"`
	// Faults are what is wrong with its settings and language files, for staff.
	Faults []string `json:"faults"`
	// Permissions and Users tell that it can learn what a role and a user may do (docs/whmcs-api.md W29, W30).
	Permissions bool `json:"permissions"`
	Users       bool `json:"users"`
}

// About asks our module about itself. Errors: those of IspsystemRecords; KindUnknownAction of a module from before the page, too.
func (c *Client) About(ctx context.Context) (About, error) {
	var about About
	err := c.askPage(ctx, AboutPage, struct{}{}, &about)
	return about, err
}
