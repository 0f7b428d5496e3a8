package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"metalease/whmcs/simulator"
)

// panelView is what the demo checks in the panel.
type panelView struct {
	Servers []struct {
		ID        string `json:"id"`
		Hostname  string `json:"hostname"`
		Owner     string `json:"owner"`
		OwnerName string `json:"owner_name"`
		Notes     string `json:"notes"`
	} `json:"servers"`
	Users []struct {
		Name  string `json:"name"`
		Level int    `json:"level"`
	} `json:"users"`
	Violations []json.RawMessage `json:"violations"`
}

// judge shows a table of what happened and checks it against both vendors.
func (s *stage) judge(ctx context.Context) error {
	var panel panelView
	if err := s.AskPanel(ctx, http.MethodGet, "/_sim/state", nil, &panel); err != nil {
		return err
	}
	var billing simulator.State
	if err := s.AskWHMCS(ctx, http.MethodGet, "/_sim/state", nil, &billing); err != nil {
		return err
	}
	s.wipe()
	fmt.Println("\nWhat happened:")
	s.table(billing)
	fmt.Println("\nChecked against the panel and WHMCS:")
	ok := true
	for _, check := range s.checks(panel, billing) {
		sign := "✓"
		if !check.holds {
			sign, ok = "✗", false
		}
		fmt.Printf("  %s %s\n", sign, check.what)
	}
	if !ok {
		return errors.New("something is not as it should be")
	}
	return nil
}

func (s *stage) table(billing simulator.State) {
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "  SERVICE\tWHAT\tPHASE\tWHMCS\tSERVER\tADDRESSES\tACCOUNT\tMAILS")
	for _, a := range s.acts {
		service := billing.Service(a.id)
		server, addresses := "", ""
		if a.last.Server != nil {
			server = a.last.Server.ID
			addresses = fmt.Sprintf("%s +%d", a.last.Server.IP, len(a.last.Server.ExtraIPs))
		}
		_, _ = fmt.Fprintf(table, "  %d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n", a.id, a.title, a.last.Phase, service.Status, server, addresses,
			service.Username, len(billing.MailsOf(a.id)))
	}
	_ = table.Flush()
}

type check struct {
	what  string
	holds bool
}

func (s *stage) checks(panel panelView, billing simulator.State) []check {
	released, renewed, unlucky, late := s.acts[0], s.acts[1], s.acts[2], s.acts[3]
	holder := func(a *act) string {
		for _, server := range panel.Servers {
			if a.last.Server != nil && server.ID == a.last.Server.ID {
				return server.Notes
			}
		}
		return ""
	}
	active := func(a *act) bool {
		service := billing.Service(a.id)
		mails := billing.MailsOf(a.id)
		return service.Status == "Active" && strings.Contains(holder(a), fmt.Sprintf("service-%d active", a.id)) &&
			len(mails) == 1 && mails[0].DedicatedIP == a.last.Server.IP
	}
	customers := 0
	var quarantined []string
	for _, user := range panel.Users {
		if user.Level == 16 {
			customers++
		}
	}
	for _, server := range panel.Servers {
		if strings.Contains(server.Notes, "quarantine") {
			quarantined = append(quarantined, server.ID)
		}
	}
	return []check{
		{"the two first orders of one client ended in one account", customers == 3 && billing.Service(released.id).Username == billing.Service(renewed.id).Username},
		{"three services are Active, each with its own server and one welcome mail with the right address", active(renewed) && active(unlucky) && active(late)},
		{"the server whose install failed is in quarantine, and nobody's", slices.Equal(quarantined, []string{"2"}) && unlucky.last.Server.ID != "2"},
		{"the expired service was released; WHMCS shows it Terminated, with a record of its server", billing.Service(released.id).Status == "Terminated" && strings.Contains(billing.Service(released.id).Notes, "released")},
		{"its server went to the order that waited", late.last.Server != nil && released.last.Server != nil && late.last.Server.ID == released.last.Server.ID},
		{"no server ever had two holders; the panel saw no violation", len(panel.Violations) == 0},
	}
}
