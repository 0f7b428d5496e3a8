package billing

import (
	"fmt"
	"time"

	"metalease/whmcs"
)

// What WHMCS must show for what is done because nobody paid. Each answer is why not; empty: it
// is due.

// NotForRelease requires the service Suspended, its Next Due Date past, and no suspension override.
func NotForRelease(service whmcs.Service, now time.Time) string {
	if service.Status != whmcs.StatusSuspended {
		return fmt.Sprintf("WHMCS shows the service as %s, not Suspended", service.Status)
	}
	return notOverdue(service, day(now))
}

// NotForBlock is NotForRelease before WHMCS shows the service as Suspended, which it does only
// after the block. WHMCS may suspend on the due date itself, and its day may have begun earlier
// than that of UTC.
func NotForBlock(service whmcs.Service, now time.Time) string {
	if service.Status != whmcs.StatusSuspended && service.Status != whmcs.StatusActive {
		return fmt.Sprintf("WHMCS shows the service as %s, neither Active nor Suspended", service.Status)
	}
	return notOverdue(service, day(now).AddDate(0, 0, 2))
}

// notOverdue requires a due date before a day.
func notOverdue(service whmcs.Service, before time.Time) string {
	switch {
	case service.OverrideAutoSuspend:
		return "WHMCS has a suspension override for the service"
	case service.NextDueDate.IsZero() || !service.NextDueDate.Time().Before(before):
		return fmt.Sprintf("the Next Due Date in WHMCS is %s, which is not past", service.NextDueDate)
	}
	return ""
}

func day(now time.Time) time.Time { return now.UTC().Truncate(24 * time.Hour) }
