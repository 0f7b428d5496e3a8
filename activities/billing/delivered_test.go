package billing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

// TestWHMCSIsToldOfADeliveredService: the status alone changes, so that no second welcome mail
// goes out, and a repeat changes nothing.
func TestWHMCSIsToldOfADeliveredService(t *testing.T) {
	v := simulated.New(t)
	w := &WHMCS{Client: v.API}
	v.Env.RegisterActivity(w)
	service := v.Order(7)
	now := func() *billingsim.Service { return v.Billing.State().Service(service.ID) }

	in := ShowInput{ServiceID: service.ID, Status: whmcs.StatusSuspended, Reason: "Overdue on Payment"}
	for range 2 {
		_, err := simulated.Run[string](v, w.ShowDelivered, in)
		require.NoError(t, err)
		require.Equal(t, []string{"Suspended", "Overdue on Payment"}, []string{now().Status, now().Suspended})
	}
	require.Empty(t, v.Billing.State().MailsOf(service.ID))
	require.Empty(t, v.Billing.State().Queue, "no module function ran")

	_, err := simulated.Run[string](v, w.ShowDelivered, ShowInput{ServiceID: service.ID, Status: whmcs.StatusActive})
	simulated.RequireType(t, err, edge.ErrStatus, false)
	require.Equal(t, "Suspended", now().Status, "it is not Pending, so somebody has decided")

	second := v.Order(7)
	did, err := simulated.Run[string](v, w.ShowDelivered, ShowInput{ServiceID: second.ID, Status: whmcs.StatusActive})
	require.NoError(t, err)
	require.Contains(t, did, "showed Pending and now shows")
	require.Equal(t, "Active", v.Billing.State().Service(second.ID).Status)
}
