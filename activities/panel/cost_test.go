package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

// TestWhatACleanOrderAsks counts what one order of a new client asks of both vendors, in the order in which its workflow goes.
// docs/performance.md says what each of these proves. A number changes with a reason that stands there: a request that is saved
// without a proof, or one more that proves something new.
func TestWhatACleanOrderAsks(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime, c.FlagDelay = 300*time.Millisecond, time.Nanosecond })
	w.p.Reader.accountAge = time.Hour // what takes its time here is the machine
	w.Administer("2", map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-9 quarantine broken"})
	_, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{}) // who we are, and what stands there, is known
	require.NoError(t, err)
	service := w.Order(7)
	ref := billing.ServiceRef{ServiceID: service.ID, ClientID: 7}
	panelBefore, whmcsBefore := w.Panel.State().Functions, w.Billing.State().Counters

	_, err = simulated.Run[Looked](w, w.p.Look, LookInput{FindInput: FindInput{ServiceID: service.ID, ClientID: 7}})
	require.NoError(t, err)
	answer, err := simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 7, ServiceID: service.ID})
	require.NoError(t, err)
	account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, answer.Absent})
	require.NoError(t, err)
	survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{"E3-16G", 1}}, Services: []int{service.ID}})
	require.NoError(t, err)
	require.Equal(t, []string{"1"}, survey.Candidates["E3-16G"])
	b := w.build(service, w.claim(service))
	_, err = simulated.Run[Addresses](w, w.p.MakeReady, b)
	require.NoError(t, err)
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	watched, err := simulated.Run[Watched](w, w.p.AwaitInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFinished, watched.Progress)
	b.Account = account
	_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
	require.NoError(t, err)
	require.NoError(t, simulated.Do(w, w.w.Activate, billing.Activation{ServiceRef: ref}))

	type cost struct{ requests, bytes int64 }
	asked := map[string]cost{}
	for name, counter := range w.Panel.State().Functions {
		before := panelBefore[name]
		if n := counter.Requests - before.Requests; n > 0 && name != "server" { // lists follow the clock
			asked[name] = cost{int64(n), counter.Bytes - before.Bytes}
		}
	}
	require.Equal(t, map[string]cost{ // with the simulator's short forms
		"server.edit":       {9, 1322}, // claim 3, address and power 1, install 2, hand-over 3
		"server.operations": {3, 999},  // the template before, the install, the template after
		"server.poweron":    {1, 56},
		"iplist":            {2, 375}, // addresses, hand-over
		"iplist.edit":       {1, 68},  // the name of the main address
		"user":              {2, 224}, // look, which serves the look-up too, and before an account is created
		"user.edit":         {1, 68},
	}, asked)
	called := map[string]int{}
	for name, counter := range w.Billing.State().Counters {
		if n := counter.Requests - whmcsBefore[name].Requests; n > 0 {
			called[name] = n
		}
	}
	require.Equal(t, map[string]int{
		"GetClientsProducts":  7, // look, look-up, whose username it is with the new account's password, claim, install, hand-over, ModuleCreate
		"GetProducts":         1, // by product, every five minutes
		"UpdateClientProduct": 1,
		"ModuleCreate":        1,
	}, called)
	w.RequireClean()
}
