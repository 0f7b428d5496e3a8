package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/hostname"
	"metalease/internal/signon"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// servers is what the memory knows of servers that customers have.
type servers struct {
	doors  []running.SignOn
	fresh  []bool
	months []control.Month
	refuse string
}

const keyOfTheDoor = "one-use-key-5f2c"

func (m *memory) SignOn(_ context.Context, id int, ask running.SignOn) (signon.Door, error) {
	m.doors = append(m.doors, ask)
	if _, there := m.orders[id]; !there {
		return signon.Door{}, control.ErrUnknownService
	}
	return signon.Door{URL: "https://panel.example.com/dcimgr", Fields: map[string]string{"key": keyOfTheDoor}, ExpiresAt: time.Now().UTC()}, m.err
}

func (m *memory) Facts(_ context.Context, id int, fresh bool) (control.Facts, error) {
	m.fresh = append(m.fresh, fresh)
	if _, there := m.orders[id]; !there {
		return control.Facts{}, control.ErrUnknownService
	}
	rack := "R1"
	return control.Facts{ServerID: "5", Rack: &rack, Ports: []control.Port{{Switch: &rack}}, AsOf: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)}, m.err
}

func (m *memory) Usage(_ context.Context, id int, month control.Month) (control.Usage, error) {
	m.months = append(m.months, month)
	if _, there := m.orders[id]; !there {
		return control.Usage{}, control.ErrUnknownService
	}
	return control.Usage{}, m.err
}

func (m *memory) PanelUsage(_ context.Context, panel string, month control.Month) ([]control.ServiceUsage, error) {
	m.months = append(m.months, month)
	if panel != "fra1" {
		return nil, control.ErrUnknownPanel
	}
	p95 := 12.5
	return []control.ServiceUsage{{ServiceID: 101, ServerID: "5", Usage: control.Usage{P95Mbit: &p95, Complete: true}}, {ServiceID: 102, ServerID: "6"}}, m.err
}

func (s scene) started() {
	s.t.Helper()
	require.Equal(s.t, http.StatusCreated, s.call("POST", "/v1/services", goodOrder).code)
}

func TestWhatIsDoneWithARunningServer(t *testing.T) {
	s := newScene(t)
	s.started()
	for path, body := range map[string]string{
		"power":     `{"event_id":"e1","action":"reboot","actor":{"kind":"client","name":"jane@example.com"}}`,
		"reinstall": `{"os_template":"debian","recipe":"lamp","confirm":"s101.example.com","actor":{"kind":"staff","name":"admin"}}`,
		"network":   `{"state":"off","actor":{"kind":"staff","name":"admin"}}`,
		"addresses": `{"ipv4":2,"domains":{"192.0.2.7":"mail.example.com"}}`,
	} {
		s.mem.reached = false
		require.Equal(t, http.StatusAccepted, s.call("POST", "/v1/services/101/"+path, body).code, path)
		s.mem.reached = true
		require.Equal(t, http.StatusOK, s.call("POST", "/v1/services/101/"+path, body).code, path)
		got := s.mem.events[len(s.mem.events)-1]
		switch path {
		case "power":
			require.Equal(t, "e1 reboot client jane@example.com", got.EventID+" "+got.Action+" "+got.Actor.String())
		case "reinstall":
			require.Equal(t, "debian lamp s101.example.com staff admin", strings.Join([]string{got.OSTemplate, got.Recipe, got.Confirm, got.Actor.String()}, " "))
		case "network":
			require.Equal(t, "off", got.State)
		case "addresses":
			require.Equal(t, 2, *got.IPv4)
			require.Nil(t, got.IPv6)
			require.Equal(t, hostname.Names{{IP: "192.0.2.7", Name: "mail.example.com"}}, got.Domains)
		}
	}
}

func TestABadActionNamesEveryField(t *testing.T) {
	s := newScene(t)
	s.started()
	for _, c := range []struct{ path, body, fields string }{
		{"power", ``, "action"},
		{"power", `"reboot"`, "action"},
		{"power", `{"action":"explode","actor":{"kind":"robot"}}`, "actor.kind action"},
		{"power", `{"action":"` + strings.Repeat("x", 300) + `"}`, "action"},
		{"reinstall", `{}`, "os_template confirm"},
		{"reinstall", `{"os_template":"` + strings.Repeat("x", 256) + `","confirm":"a"}`, "os_template"},
		{"network", `{"state":"half","actor":{"kind":"client"}}`, "state actor.kind"},
		{"addresses", `{}`, "domains"},
		{"addresses", `{"ipv4":-1,"ipv6":257,"domains":{"nowhere":"a.example.com","192.0.2.1":"free.ds"}}`, "ipv4 ipv6 domains.192.0.2.1 domains.nowhere"},
		{"addresses", `{"ipv4":"two"}`, "ipv4"},
		{"power", `{"action":"on","actor":"jane"}`, "actor"},
	} {
		r := s.call("POST", "/v1/services/101/"+c.path, c.body)
		require.Equal(t, http.StatusUnprocessableEntity, r.code, c.body)
		require.Equal(t, "/problems/invalid-event", r.problem(t).Type)
		require.Equal(t, c.fields, strings.Join(r.problem(t).fields(), " "), c.body)
	}
	require.Empty(t, s.mem.events, "nothing was sent")
}

// What is refused is a problem with its reason, also when the first answer was lost and the call is sent again.
func TestWhatIsNotDoneNow(t *testing.T) {
	s := newScene(t)
	s.started()
	s.mem.refuse = "the service is blocked: abuse"
	for range 2 {
		r := s.call("POST", "/v1/services/101/power", `{"event_id":"e1","action":"on"}`)
		require.Equal(t, http.StatusConflict, r.code)
		require.Equal(t, "/problems/not-now", r.problem(t).Type)
		require.Equal(t, "the service is blocked: abuse", r.problem(t).Detail)
	}
	r := s.call("POST", "/v1/services/101/hold", `{}`)
	require.Equal(t, http.StatusOK, r.code, "other signals tell their outcome")
	require.Contains(t, r.body, `"outcome":"ignored"`)
}

const wantsIn = `{"event_id":"e1","target":"panel","actor":{"kind":"client","name":"jane@example.com"}}`

func TestAWayIn(t *testing.T) {
	s := newScene(t)
	s.started()
	r := s.call("POST", "/v1/services/101/sso", wantsIn)
	require.Equal(t, http.StatusOK, r.code, r.body)
	require.Equal(t, "no-store", r.header.Get("Cache-Control"))
	var door signon.Door
	require.NoError(t, json.Unmarshal([]byte(r.body), &door))
	require.Equal(t, "https://panel.example.com/dcimgr", door.URL)
	require.Equal(t, keyOfTheDoor, door.Fields["key"])
	require.Equal(t, running.SignOn{EventID: "e1", Actor: api.Actor{Kind: "client", Name: "jane@example.com"}, Target: "panel"}, s.mem.doors[0])

	s.call("POST", "/v1/services/101/sso", `{"target":"console","actor":{"kind":"staff"}}`)
	require.Regexp(t, `^call-[0-9a-f]{32}$`, s.mem.doors[1].EventID, "the call is the event")

	for err, want := range map[error]string{
		&control.NotNow{Reason: "it is being installed"}: "409 /problems/not-now it is being installed",
		control.ErrAnswered:          "409 /problems/already-answered Ask with a new event_id.",
		control.ErrClosed:            "409 /problems/service-ended A released service starts anew only with \"restart\": true.",
		control.ErrWorkerUnavailable: "503 /problems/worker-unavailable The service is safe; ask again when a worker runs.",
		&control.Refused{Code: "X", Message: "panel fra1 sleeps"}: "502 /problems/panel-failed panel fra1 sleeps",
	} {
		s.mem.err = err
		p := s.call("POST", "/v1/services/101/sso", strings.Replace(wantsIn, "client", "staff", 1)).problem(t)
		require.Equal(t, want, fmt.Sprintf("%d %s %s", p.Status, p.Type, p.Detail))
	}
}

func TestNobodyGetsInWhoDoesNotSayWho(t *testing.T) {
	s := newScene(t)
	s.started()
	for body, want := range map[string]string{
		``: "400 ", `[]`: "400 ", `"panel"`: "400 ", `{`: "400 ",
		`{}`:                 "422 target actor.kind",
		`{"target":"panel"}`: "422 actor.kind",
		`{"target":"panel","actor":{"kind":"system"}}`: "422 actor.kind",
		`{"target":"roof","actor":{"kind":"staff"}}`:   "422 target",
		`{"target":"panel","actor":"staff"}`:           "422 actor",
		`{"target":"panel","event_id":"` + strings.Repeat("x", 129) + `","actor":{"kind":"staff","name":"` + strings.Repeat("x", 129) + `"}}`: "422 event_id actor.name",
	} {
		r := s.call("POST", "/v1/services/101/sso", body)
		require.Equal(t, want, strconv.Itoa(r.code)+" "+strings.Join(r.problem(t).fields(), " "), body)
	}
	require.Empty(t, s.mem.doors)
	require.Equal(t, http.StatusNotFound, s.call("POST", "/v1/services/102/sso", wantsIn).code)
}

// What opens a door stands in one answer, and nowhere else.
func TestAWayInIsInNoLogAndNoMetric(t *testing.T) {
	s := newScene(t)
	s.started()
	require.Contains(t, s.call("POST", "/v1/services/101/sso", wantsIn).body, keyOfTheDoor)
	s.mem.reached = true
	s.call("POST", "/v1/services/101/reinstall", `{"os_template":"debian","confirm":"s101.example.com","password":"`+keyOfTheDoor+`"}`)
	var logged []string
	for _, entry := range s.logs.All() {
		text, err := json.Marshal(entry.ContextMap())
		require.NoError(t, err)
		logged = append(logged, entry.Message+string(text))
	}
	require.NotEmpty(t, logged)
	metrics := s.send("GET", "/metrics", "", func(*http.Request) {}).body
	require.Contains(t, metrics, `route="POST /v1/services/{id}/sso"`)
	for _, private := range []string{keyOfTheDoor, "jane@example.com", "e1\""} {
		require.NotContains(t, strings.Join(logged, "\n"), private)
		require.NotContains(t, metrics, private)
	}
	sent, err := json.Marshal(s.mem.events)
	require.NoError(t, err)
	require.NotContains(t, string(sent), keyOfTheDoor, "a password that somebody sends along goes no further")
}

func TestAClientDoesNotDoTooMuchAtOnce(t *testing.T) {
	s := newScene(t)
	s.started()
	s.mem.orders[102], s.mem.reached = api.Order{}, true
	power := func(service, kind string) reply {
		return s.call("POST", "/v1/services/"+service+"/power", `{"action":"reboot","actor":{"kind":"`+kind+`"}}`)
	}
	for range 6 {
		require.Equal(t, http.StatusOK, power("101", "client").code)
	}
	for _, r := range []reply{power("101", "client"), s.call("POST", "/v1/services/101/sso", wantsIn)} {
		require.Equal(t, http.StatusTooManyRequests, r.code)
		require.Equal(t, "/problems/too-often", r.problem(t).Type)
		wait, err := strconv.Atoi(r.header.Get("Retry-After"))
		require.NoError(t, err)
		require.Greater(t, wait, 0)
		require.LessOrEqual(t, wait, 10)
	}
	require.Len(t, s.mem.events, 6)
	require.Empty(t, s.mem.doors)
	require.Equal(t, http.StatusOK, power("102", "client").code, "another service")
	for range 10 {
		require.Equal(t, http.StatusOK, power("101", "staff").code, "staff know what they do")
	}
	require.Equal(t, http.StatusUnprocessableEntity, s.call("POST", "/v1/services/103/power", `{"action":"x","actor":{"kind":"client"}}`).code)
}

func TestFactsAndUsage(t *testing.T) {
	s := newScene(t)
	s.started()
	r := s.call("GET", "/v1/services/101/facts", "")
	require.Equal(t, http.StatusOK, r.code)
	require.JSONEq(t, `{"server_id":"5","label":null,"mac":null,"rack":"R1","power":null,"ipmi_ip":null,"operation":null,"blocked":false,
		"ports":[{"switch":"R1","port":null,"state":null}],"as_of":"2026-11-26T12:00:00Z"}`, r.body)
	s.call("GET", "/v1/services/101/facts?fresh=true", "")
	require.Equal(t, []bool{false, true}, s.mem.fresh)

	r = s.call("GET", "/v1/services/101/usage?month=2026-01", "")
	require.Equal(t, http.StatusOK, r.code)
	require.Contains(t, r.body, `"in_bytes":null,"out_bytes":null,"p95_mbit":null,"complete":false`)
	r = s.call("GET", "/v1/panels/fra1/usage", "")
	require.Contains(t, r.body, `{"service_id":101,"server_id":"5"`)
	require.Contains(t, r.body, `"p95_mbit":12.5,"complete":true`)
	for path, want := range map[string]int{
		"/v1/services/101/usage?month=2026-13": 422, "/v1/services/101/usage?month=2999-01": 422, "/v1/panels/fra1/usage?month=november": 422,
		"/v1/panels/nowhere/usage": 404, "/v1/services/5/usage": 404, "/v1/services/x/usage": 404, "/v1/services/5/facts": 404,
	} {
		require.Equal(t, want, s.call("GET", path, "").code, path)
	}
	s.mem.err = &control.NotNow{Reason: "the service has no server yet"}
	require.Equal(t, http.StatusConflict, s.call("GET", "/v1/services/101/facts", "").code)
	require.Equal(t, http.StatusConflict, s.call("GET", "/v1/services/101/usage", "").code)
}
