package service

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
)

// TestAMovedOrderGoesOnForItsNewClient: whichever step meets the change, the account is asked for
// anew, and nothing is lost: so does the order of a client who was merged with another one.
func TestAMovedOrderGoesOnForItsNewClient(t *testing.T) {
	for _, step := range []string{"account", "claim", "StartInstall", "HandOver"} {
		t.Run(step, func(t *testing.T) {
			w, when := newWorld(t), step
			switch step {
			case "account":
				w.accountSays, when = &message.AccountReply{Code: edge.ErrClient, Why: "not theirs"}, "FindServer"
			case "claim":
				w.refuse, when = &message.Reply{Code: edge.ErrClient, Why: "client 8's by now"}, "FindServer"
			default:
				w.fail[step] = final(edge.ErrClient, "client 8's by now")
			}
			w.when = map[string]func(){
				when: func() { // WHMCS moves it after the first look
					if w.view == nil {
						w.view = &billing.OrderView{Status: "Pending", ClientID: 8, Username: "u101"}
						if when == step {
							w.found = &panel.Found{Server: &panel.Server{ID: "5"}, State: holding.StateClaimed}
						}
					}
				},
				"CheckOrder": func() {
					if w.view != nil {
						delete(w.fail, step)
					}
				},
			}
			w.look(hour, func(s api.Status) {
				require.Nil(t, s.Attention)
				require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Timeline)
				require.Equal(t, 8, s.ClientID)
			})
			w.live(order(), 2*hour)
			require.Equal(t, []string{"account-fra1-7", "account-fra1-8"}, w.accounts)
			require.Zero(t, w.count("Quarantine"))
		})
	}
}

// TestAnOrderForAnotherClientIsAPersonsBusiness: it may be meant for another service. A retry says
// that it is right.
func TestAnOrderForAnotherClientIsAPersonsBusiness(t *testing.T) {
	w := newWorld(t)
	w.view = &billing.OrderView{Status: "Pending", ClientID: 8, Username: "u101"}
	w.look(hour, func(s api.Status) {
		require.Equal(t, "client_differs", s.Attention.Code)
		require.Zero(t, w.count("Tell request"))
	})
	w.at(2*hour, api.SignalRetry, api.Event{})
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, 8, s.ClientID)
	})
	w.live(order(), 4*hour)
	require.Equal(t, []string{"account-fra1-8"}, w.accounts)
}

// TestAnIdleServiceFollowsItsClient: nothing of its server is touched.
func TestAnIdleServiceFollowsItsClient(t *testing.T) {
	shared := `account "u101" on panel fra1 holds the server of service 102, which is client 7's`
	for name, share := range map[string]string{"alone in its account": "", "beside servers of the former client": shared} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.RegisterDelayedCallback(func() {
				w.view = &billing.OrderView{Status: "Active", ClientID: 8, Username: "u101"}
				w.found = &panel.Found{Server: &panel.Server{ID: "5", IP: "192.0.2.5"}, State: holding.StateActive, HandedOver: true, Account: holding.Account{ID: "18", Name: "u101"}, Shared: share}
				w.SignalWorkflow(message.SignalLook, nil)
			}, hour)
			w.look(2*hour, func(s api.Status) {
				require.Equal(t, api.PhaseActive, s.Phase)
				require.Equal(t, 8, s.ClientID)
				require.Zero(t, w.count("Block")+w.count("Unblock"))
				if share == "" {
					require.Nil(t, s.Attention)
					return
				}
				require.Equal(t, api.CodeClientsShare, s.Attention.Code)
				require.Equal(t, []string{api.SignalRetry, api.SignalAccept}, s.Attention.Actions)
				w.found = &panel.Found{Server: &panel.Server{ID: "5"}, State: holding.StateActive, HandedOver: true, Account: holding.Account{ID: "19", Name: "u8"}}
			})
			w.at(3*hour, api.SignalRetry, api.Event{})
			w.look(4*hour, func(s api.Status) {
				require.Nil(t, s.Attention)
				if share != "" {
					require.Equal(t, "u8", s.Account, "staff have given it an account of its own")
				}
			})
			w.live(order(), 5*hour)
		})
	}
}

// account notes which account entity was asked, once in a row.
func (w *world) account(m engine.Message) {
	if n := len(w.accounts); n == 0 || w.accounts[n-1] != m.WorkflowID {
		w.accounts = append(w.accounts, m.WorkflowID)
	}
	reply := message.AccountReply{Account: holding.Account{ID: "18", Name: "u101"}, Why: "created"}
	if w.accountSays != nil {
		reply, w.accountSays = *w.accountSays, nil
	}
	w.SignalWorkflow(message.SignalAccount, reply)
}
