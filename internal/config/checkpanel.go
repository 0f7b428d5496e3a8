package config

import "fmt"

// access checks how panels are reached.
func (c checker) access(panels []Panel) {
	for i := range panels {
		c.panelAccess(fmt.Sprintf("panels[%d].", i), &panels[i])
	}
}

func (c checker) panelAccess(at string, panel *Panel) {
	c.address(at+"url", panel.URL, false)
	if panel.PublicURL != "" {
		c.address(at+"public_url", panel.PublicURL, false)
	}
	c.present(at+"user", panel.User)
	c.present(at+"password", panel.Password.Reveal())
	c.trust(at, panel.CA, &panel.Fingerprint)
	c.longEnough(at+"timeout", panel.Timeout)
	c.between(at+"rate", panel.Rate, 0.1, 1000)
	c.between(at+"concurrency", float64(panel.Concurrency), 1, 1000)
	c.between(at+"urgent_share", panel.UrgentShare, 0, 0.9)
}

// panelPolicy checks what metalease may do to the servers of a panel.
func (c checker) panelPolicy(at string, panel Panel) {
	c.between(at+"max_releases_per_hour", float64(panel.MaxReleasesPerHour), 0, 1_000_000)
	c.between(at+"max_blocks_per_hour", float64(panel.MaxBlocksPerHour), 0, 1_000_000)
	c.oneOf(at, "resale", panel.Resale)
	c.longEnough(at+"resale_hold", panel.ResaleHold)
	c.oneOf(at, "wipe", panel.Wipe)
	c.longEnough(at+"reconcile_every", panel.ReconcileEvery)
}

// whmcsServers keeps a WHMCS server entry from standing for two panels: a service could then be found on either.
func (c checker) whmcsServers(panels []Panel) {
	owner := map[string]string{}
	for i, panel := range panels {
		for j, entry := range panel.WHMCSServers {
			key := fmt.Sprintf("panels[%d].whmcs_servers[%d]", i, j)
			c.present(key, entry)
			if other, taken := owner[entry]; taken && entry != "" {
				c.fault(key, "%q is already listed for panel %s", entry, other)
				continue
			}
			owner[entry] = panel.Name
		}
	}
}
