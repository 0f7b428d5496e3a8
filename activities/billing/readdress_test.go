package billing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/internal/simulated"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

// TestWHMCSFollowsTheAddressesOfARunningServer: what a person has written between them stays, and nothing is written twice.
func TestWHMCSFollowsTheAddressesOfARunningServer(t *testing.T) {
	v := simulated.New(t)
	w := &WHMCS{Client: v.API}
	v.Env.RegisterActivity(w)
	service := v.Order(7)
	now := func() *billingsim.Service { return v.Billing.State().Service(service.ID) }
	writes := func() int { return v.Billing.State().Counters["UpdateClientProduct"].Requests }
	in := Delivery{ServiceID: service.ID, MainIP: "192.0.2.5", ExtraIPs: []string{"192.0.2.7", "2001:db8::7"}, Domain: "new.example.com", Username: "other"}
	require.NoError(t, v.API.UpdateService(t.Context(), service.ID, whmcs.ServiceUpdate{
		AssignedIPs: new("192.0.2.6\r\nrouted: 198.51.100.0/29\r\n192.0.2.7, 192.0.2.8"), DedicatedIP: new("192.0.2.5"),
	}))
	username, before := now().Username, writes()
	for range 2 {
		require.NoError(t, simulated.Do(v, w.Readdress, in))
		require.Equal(t, "192.0.2.7\n2001:db8::7\nrouted: 198.51.100.0/29", now().AssignedIPs)
		require.Equal(t, "192.0.2.5 new.example.com "+username, now().DedicatedIP+" "+now().Domain+" "+now().Username)
		require.Equal(t, before+1, writes(), "a repeat writes nothing")
	}
	in.ExtraIPs, in.Domain = nil, ""
	require.NoError(t, simulated.Do(v, w.Readdress, in))
	require.Equal(t, "routed: 198.51.100.0/29 new.example.com", now().AssignedIPs+" "+now().Domain)
	require.NoError(t, v.API.UpdateService(t.Context(), service.ID, whmcs.ServiceUpdate{AssignedIPs: new("192.0.2.7")}))
	require.NoError(t, simulated.Do(v, w.Readdress, in))
	require.Empty(t, now().AssignedIPs, "the last one goes too")
}

func TestTheRootPasswordOfAReinstallBecomesTheServices(t *testing.T) {
	v := simulated.New(t)
	w := &WHMCS{Client: v.API}
	v.Env.RegisterActivity(w)
	service := v.Order(7)
	require.NoError(t, v.Billing.SetRootPassword(service.ID, "typed-by-jane"))
	for range 2 {
		require.NoError(t, simulated.Do(v, w.KeepRootPassword, ServiceRef{ServiceID: service.ID, ClientID: 7}))
		shown, err := v.API.Service(t.Context(), service.ID)
		require.NoError(t, err)
		require.Equal(t, "typed-by-jane", shown.Password.Reveal())
	}
}
