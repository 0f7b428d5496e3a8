package panel

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
)

// recorded is a panel that has these servers, whatever it lists.
type recorded struct {
	has   map[string]bool
	fails map[string]error
	asked []string
}

func (r *recorded) record(_ context.Context, id string) (dcim.Record, error) {
	r.asked = append(r.asked, id)
	switch {
	case r.fails[id] != nil:
		return dcim.Record{}, r.fails[id]
	case !r.has[id]:
		return dcim.Record{}, &dcim.Error{Kind: dcim.KindMissed}
	}
	return dcim.Record{ID: id}, nil
}

func servers(from, to int) (list []dcim.Server) {
	for i := from; i <= to; i++ {
		list = append(list, dcim.Server{ID: fmt.Sprintf("%03d", i)})
	}
	return list
}

// TestAMissingServerIsAskedForByItsRecord before anything is decided.
func TestAMissingServerIsAskedForByItsRecord(t *testing.T) {
	panel, now := &recorded{has: map[string]bool{"003": true}, fails: map[string]error{}}, time.Now()
	a := &absent{record: panel.record}
	look := func(list []dcim.Server, at time.Time) ([]dcim.Server, error) {
		return a.of(t.Context(), list, "fra1", at)
	}
	found, err := look(servers(1, 5), now)
	require.NoError(t, err)
	require.Empty(t, found)
	require.Empty(t, panel.asked, "nothing is missing")

	found, err = look(servers(1, 2), now)
	require.NoError(t, err)
	require.Equal(t, servers(3, 3), found, "004 and 005 are gone")
	require.Equal(t, []string{"003", "004", "005"}, panel.asked)
	found, err = look(servers(1, 2), now.Add(absentAge-1))
	require.NoError(t, err)
	require.Equal(t, servers(3, 3), found)
	require.Len(t, panel.asked, 3, "an answer is believed for a while, and what is gone is forgotten")
	panel.fails["003"] = &dcim.Error{Kind: dcim.KindNotAPanel}
	found, err = look(servers(1, 2), now.Add(absentAge))
	require.NoError(t, err)
	require.Equal(t, servers(3, 3), found, "a record that cannot be read is there")
	panel.fails["003"] = &dcim.Error{Kind: dcim.KindUnreachable}
	_, err = look(servers(1, 2), now.Add(2*absentAge))
	require.ErrorIs(t, err, dcim.ErrUnreachable, "a panel that cannot be asked has not answered")
	delete(panel.fails, "003")
	delete(panel.has, "003")
	found, err = look(servers(1, 2), now.Add(3*absentAge))
	require.NoError(t, err)
	require.Empty(t, found)
}

// TestAListThatLacksManyIsNoAnswer as long as the panel has one of them, and not for ever.
func TestAListThatLacksManyIsNoAnswer(t *testing.T) {
	panel, now := &recorded{has: map[string]bool{"085": true}}, time.Now()
	a := &absent{record: panel.record}
	look := func(list []dcim.Server, at time.Time) ([]dcim.Server, error) {
		return a.of(t.Context(), list, "fra1", at)
	}
	_, err := look(servers(1, 100), now)
	require.NoError(t, err)
	_, err = look(servers(1, 80), now)
	require.ErrorIs(t, err, dcim.ErrNotAPanel)
	require.ErrorContains(t, err, "lacks 20 servers of before, and the panel has server 085")
	require.Len(t, panel.asked, absentAsked)
	_, err = look(servers(1, 80), now.Add(shortAccepted-1))
	require.Error(t, err)
	found, err := look(servers(1, 80), now.Add(shortAccepted))
	require.NoError(t, err)
	require.Equal(t, servers(85, 85), found)

	panel = &recorded{}
	a = &absent{record: panel.record}
	_, err = look(servers(1, 100), now)
	require.NoError(t, err)
	found, err = look(servers(1, 80), now)
	require.NoError(t, err, "a rack was taken out")
	require.Empty(t, found)
}

// TestNobodyBelievesAListThatLacksAServer: no place that looks for something in a list takes its
// absence for an answer.
func TestNobodyBelievesAListThatLacksAServer(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	_, err := w.p.Reader.Fresh(t.Context(), true)
	require.NoError(t, err)
	backend := &shortList{Backend: w.Backend, without: func(s dcim.Server) bool { return s.ID == b.ServerID }}
	w.p.Reader.list.fetch = backend.Servers

	found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: b.ServiceID, Accounts: []string{b.Account.Name}, Thorough: true})
	require.NoError(t, err)
	require.NotNil(t, found.Server, "it would get a second server")
	require.Equal(t, b.ServerID, found.Server.ID)
	marked, err := simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{ServiceID: b.ServiceID})
	require.NoError(t, err)
	require.Len(t, marked, 1, "none is an answer on which a service may be ended")
	sightings, err := simulated.Run[[]Sighting](w, w.p.FindServers, b.ServerID)
	require.NoError(t, err)
	require.Len(t, sightings, 1)
	require.Equal(t, b.ServiceID, sightings[0].ServiceID)

	// A package of which the list lacks every server is no package that the panel does not have.
	w.Administer("2", map[string]any{"chassis_templ": "RARE"})
	backend.without = nil
	_, err = w.p.Reader.Fresh(t.Context(), true)
	require.NoError(t, err)
	backend.without = func(s dcim.Server) bool { return s.ID == "2" }
	survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{Package: "RARE", Count: 1}, {Package: "NONE", Count: 1}}})
	require.NoError(t, err)
	require.Equal(t, []string{"NONE"}, survey.Missing)
	require.Empty(t, survey.Candidates["RARE"], "nor is it offered")

	// A server that staff have named is not refused for what the list lacks.
	backend.without = func(s dcim.Server) bool { return s.ID == "3" }
	order := w.Order(8)
	w.p.Reader.list.some = nil // all lists lack it
	_, err = simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "3", ServiceID: order.ID, ClientID: 8, Package: "E3-16G"})
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
}

// TestAListOfAccountsThatIsMuchShorterIsNoAnswer: a customer would get a second account.
func TestAListOfAccountsThatIsMuchShorterIsNoAnswer(t *testing.T) {
	backend := &fewAccounts{accounts: make([]holding.Account, 0)}
	r := NewReader(backend, time.Millisecond)
	count := func(n int) error {
		backend.accounts = make([]holding.Account, n)
		_, err := r.Accounts(t.Context())
		return err
	}
	require.NoError(t, count(0), "the first customer has none before him")
	require.NoError(t, count(20))
	require.ErrorIs(t, count(9), dcim.ErrNotAPanel)
	require.ErrorIs(t, count(0), dcim.ErrNotAPanel)
	require.NoError(t, count(19))
}

type fewAccounts struct {
	dcim.Backend
	accounts []holding.Account
}

func (f *fewAccounts) Turn(ctx context.Context, _ string, _ int, do func(context.Context) error) error {
	return do(ctx)
}

func (f *fewAccounts) Name() string { return "fra1" }

func (f *fewAccounts) Servers(context.Context) ([]dcim.Server, error) { return nil, nil }

func (f *fewAccounts) Record(context.Context, string) (dcim.Record, error) { return dcim.Record{}, nil }

func (f *fewAccounts) Accounts(context.Context) ([]dcim.Account, error) { return f.accounts, nil }
