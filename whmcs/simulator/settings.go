package simulator

import (
	"net/url"
	"time"
)

// settings are those of tblconfiguration that matter here, as WHMCS comes with them
// (docs/whmcs-api.md 1.6).
var settings = map[string]string{
	"AutoSuspension": "on", "AutoSuspensionDays": "5", "AutoUnsuspend": "on", "AutoTermination": "on", "AutoTerminationDays": "30",
	"DailyCronExecutionHour": "9",
}

func (w *WHMCS) getConfigurationValue(params url.Values) object {
	name := params.Get("setting")
	value, there := w.config.Settings[name]
	if !there {
		value, there = settings[name]
	}
	if name == "lastDailyCronInvocationTime" && !there { // by the clock of WHMCS
		value, there = w.config.Now().Format(time.DateTime), true
	}
	if !there {
		return failed("Invalid name for parameter setting")
	}
	return success(object{"setting": name, "value": value})
}
