package api_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"metalease/workflows/api"
)

// FuzzSignalInput: whatever comes with a signal is read into bounded texts or refused, and what
// was read survives being written again.
func FuzzSignalInput(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `"abuse"`, `{}`, `{"at":"2026-01-31T12:00:00Z","grace":"1d12h","reason":"x","server_id":5}`,
		`{"expires_at":"0000-00-00","order":{"package":"E3"}}`, `{"due":"soon"}`, `{"grace":"213504d"}`, `42`, `[1]`, `{"reason":`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		event, err := api.ParseEvent(raw)
		if err != nil {
			return
		}
		if n := utf8.RuneCountInString(event.Reason); n > api.LimitReason {
			t.Fatalf("a reason of %d characters", n)
		}
		if event.Grace < 0 {
			t.Fatalf("a grace period of %v", event.Grace)
		}
		text, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		again, err := api.ParseEvent(text)
		if err != nil {
			t.Fatalf("%s cannot be read again: %v", text, err)
		}
		if again.Reason != event.Reason || again.EventID != event.EventID || !again.At.Equal(event.At.Time) || again.Grace != event.Grace {
			t.Fatalf("%+v became %+v", event, again)
		}
	})
}

// FuzzOrder: an order that is read and has no faults is bounded, and is the same when read again.
func FuzzOrder(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"service_id":101,"client_id":7,"paid_at":"2026-01-31T12:00:00Z","panel":"fra1","package":"E3-16G","os_template":"ISPsystem__Debian-12-x86_64","domain":"s101.example.com","ipv4":2,"grace":"3d"}`,
		`{"server_id":{}}`, `{"install_timeout":720}`, `{"domain":"1.2.3.4"}`, `[]`, `{"ipv4":-1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var order api.Order
		if json.Unmarshal(raw, &order) != nil || len(order.Faults()) > 0 {
			return
		}
		for _, text := range []string{order.Panel, order.Package, order.OSTemplate, order.Recipe, order.AddressGroup, order.Domain} {
			if n := utf8.RuneCountInString(text); n > api.LimitName {
				t.Fatalf("a text of %d characters", n)
			}
		}
		text, err := json.Marshal(order)
		if err != nil {
			t.Fatal(err)
		}
		var again api.Order
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatalf("%s cannot be read again: %v", text, err)
		}
		if !again.PaidAt.Equal(order.PaidAt) || again.Grace != order.Grace || again.Domain != order.Domain || len(again.Faults()) > 0 {
			t.Fatalf("%+v became %+v", order, again)
		}
	})
}
