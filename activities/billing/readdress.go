package billing

import (
	"context"
	"net/netip"
	"strings"

	"metalease/whmcs"
)

// Readdress has WHMCS show the addresses of a server that its customer has had for a while. What people have written between the
// assigned addresses stays; an address that the server does not have any more goes. A repeat changes nothing, and so does what
// WHMCS shows already.
func (w *WHMCS) Readdress(ctx context.Context, d Delivery) error {
	service, err := w.Client.Service(ctx, d.ServiceID)
	if err != nil {
		return err
	}
	var update whmcs.ServiceUpdate
	changed := false
	change := func(field **string, shown, want string) {
		if shown != want {
			*field, changed = &want, true
		}
	}
	if d.MainIP != "" {
		change(&update.DedicatedIP, service.DedicatedIP, d.MainIP)
	}
	if d.Domain != "" {
		change(&update.Domain, service.Domain, d.Domain)
	}
	change(&update.AssignedIPs, strings.ReplaceAll(strings.TrimSpace(service.AssignedIPsText), "\r\n", "\n"), assigned(service.AssignedIPsText, d.ExtraIPs))
	if !changed {
		return nil
	}
	return w.Client.UpdateService(ctx, d.ServiceID, update) // an empty text is cleared by name
}

// assigned are the addresses, one a line, and behind them the lines that are no addresses.
func assigned(text string, addresses []string) string {
	lines := append([]string{}, addresses...)
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); !onlyAddresses(line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// onlyAddresses tells whether a line has nothing but addresses, as we write them or as another module did.
func onlyAddresses(line string) bool {
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' }) {
		if _, err := netip.ParseAddr(part); err != nil {
			return false
		}
	}
	return true
}
