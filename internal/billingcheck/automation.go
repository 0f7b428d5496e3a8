package billingcheck

import (
	"context"
	"errors"
	"fmt"
	"time"

	"metalease/whmcs"
)

// unreadable tells that the role or the WHMCS has no such question: where to look is said instead.
func (c *Checker) unreadable(err error) bool {
	return errors.Is(err, whmcs.ErrCredentials) || errors.Is(err, whmcs.ErrUnknownAction)
}

// settings of WHMCS by their names; false where the role does not allow to read them. One that is not
// there is empty.
func (c *Checker) settings(ctx context.Context, names ...string) (map[string]string, bool, error) {
	values := map[string]string{}
	for _, name := range names {
		value, err := c.Client.Setting(ctx, name)
		switch {
		case c.unreadable(err):
			return nil, false, nil
		case errors.Is(err, whmcs.ErrRefused):
		case err != nil:
			return nil, false, err
		}
		values[name] = value
	}
	return values, true, nil
}

// automation compares what WHMCS does by itself with the grace period.
func (c *Checker) automation(ctx context.Context) error {
	values, told, err := c.settings(ctx, "AutoSuspension", "AutoSuspensionDays", "AutoUnsuspend", "AutoTermination", "AutoTerminationDays")
	if err != nil {
		return err
	}
	if !told {
		c.row(false, "automation settings", "they fit the grace period", "", "allow GetConfigurationValue to have them compared, or look in Automation Settings")
		return nil
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

// forgotten is the age of a daily run that did not come: a day, what a zone may differ from ours, and some hours.
const forgotten = 45 * time.Hour

// cron tells when WHMCS runs its daily automation: without it nobody is suspended, and the module repeats nothing.
func (c *Checker) cron(ctx context.Context) error {
	values, told, err := c.settings(ctx, "DailyCronExecutionHour", "lastDailyCronInvocationTime")
	if err != nil {
		return err
	}
	const ran = "the daily cron ran last"
	if !told {
		c.row(false, ran, "within a day", "", "allow GetConfigurationValue to be told, or look in Utilities > Automation Status")
		return nil
	}
	if hour := values["DailyCronExecutionHour"]; hour != "" {
		c.row(false, "hour of the daily cron", "any", hour, "overdue services are suspended then, by the clock of WHMCS; a grace period begins with that")
	} else {
		c.row(false, "hour of the daily cron", "any", "", "this WHMCS does not tell it: look in Automation Settings")
	}
	last, err := time.Parse(time.DateTime, values["lastDailyCronInvocationTime"])
	switch {
	case values["lastDailyCronInvocationTime"] == "":
		c.row(false, ran, "within a day", "", "this WHMCS does not tell it: look in Utilities > Automation Status")
	case err != nil:
		c.row(false, ran, "within a day", values["lastDailyCronInvocationTime"], "not a time that metalease can read: look in Utilities > Automation Status")
	case time.Since(last) > forgotten:
		c.row(true, ran, "within a day", values["lastDailyCronInvocationTime"], "nobody is suspended or terminated meanwhile: set up WHMCS's cron job")
	default:
		c.row(false, ran, "within a day", values["lastDailyCronInvocationTime"], "by the clock of WHMCS")
	}
	return nil
}
