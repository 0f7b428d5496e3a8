package api_test

import (
	"fmt"

	"metalease/workflows/api"
)

func ExampleParseEvent() {
	event, err := api.ParseEvent([]byte(`{"reason":"abuse","at":"2026-01-31","colour":"red"}`))
	fmt.Println(event.Reason, event.At.Format("2006-01-02"), err)
	event, err = api.ParseEvent([]byte(`"abuse"`))
	fmt.Println(event.Reason, err)
	// Output:
	// abuse 2026-01-31 <nil>
	// abuse <nil>
}

func ExampleOrder_Faults() {
	for _, fault := range (api.Order{ServiceID: 101, ClientID: 7, Panel: "fra1", Domain: "free.ds"}).Faults() {
		fmt.Println(fault.Field + ": " + fault.Reason)
	}
	// Output:
	// paid_at: must be a time such as 2026-01-31T12:00:00Z
	// package: must be the panel's Configuration or Server Type
	// os_template: must be a template id of the panel, such as ISPsystem__Debian-12-x86_64
	// domain: free.ds marks a free server
}

func ExampleAttend() {
	row := api.Attend(api.CodeInstallLate)
	fmt.Println(row.Actions, row.Notice)
	// Output: [retry accept terminate] false
}
