package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
	billingsim "metalease/whmcs/simulator"
)

// world is one panel and one WHMCS over real HTTP, and the activities between.
type world struct {
	*simulated.Vendors
	p *Panel
	w *billing.WHMCS
}

func newWorld(t *testing.T, change ...func(*panelsim.Config)) *world {
	t.Helper()
	v := simulated.New(t, change...)
	w := &world{Vendors: v, w: &billing.WHMCS{Client: v.API}, p: New(Options{
		Reader: NewReader(v.Backend, time.Millisecond).Filtered(), WHMCS: v.API, Installation: simulated.Installation,
		Settle: 300 * time.Millisecond, ReleaseTimeout: 2 * time.Second, Modules: []string{"metalease", "dcimanager"},
	})}
	w.Env.RegisterActivity(w.p)
	w.Env.RegisterActivity(w.w)
	return w
}

// claim turns server 1 into a service's.
func (w *world) claim(service *billingsim.Service) Target {
	w.T.Helper()
	result, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: service.ClientID, Package: "E3-16G"})
	require.NoError(w.T, err)
	require.Equal(w.T, ClaimGranted, result.Outcome, result.Why)
	return Target{ServiceID: service.ID, ServerID: "1"}
}

// build is the work on a claimed server.
func (w *world) build(service *billingsim.Service, t Target) Build {
	return Build{Target: t, ClientID: service.ClientID, Hostname: service.Domain, OSTemplate: "ISPsystem__Debian-12-x86_64", Install: 1, Limit: 2 * time.Second}
}

// state has the mark of a server that the API account owns say that.
func (w *world) state(t Target, state string) {
	w.T.Helper()
	api, err := w.p.Reader.APIAccount(w.T.Context())
	require.NoError(w.T, err)
	require.NoError(w.T, w.p.restate(w.T.Context(), t, func(string) string { return state }, api))
}

// handOver takes a service to active.
func (w *world) handOver(service *billingsim.Service) Build {
	w.T.Helper()
	b := w.build(service, w.claim(service))
	account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
	require.NoError(w.T, err)
	require.NoError(w.T, simulated.Do(w, w.p.MakeReady, b))
	b.Account = account
	_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
	require.NoError(w.T, err)
	return b
}
