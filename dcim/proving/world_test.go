package proving_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/dci5"
	"metalease/dcim/profile"
	"metalease/dcim/proving"
	"metalease/dcim/simulator"
)

const (
	debian = "ISPsystem__Debian-12-x86_64"
	holder = "metalease:main/service-0"
	// drilled is the server of most drills.
	drilled = "2"
)

// world is a panel whose time passes while a drill sleeps.
type world struct {
	*simulator.Panel
	*proving.Prover
	t      *testing.T
	config simulator.Config
	// wrap stands before the panel.
	wrap func(http.Handler) http.Handler
	// asleep is called with each sleep.
	asleep func()
	plan   proving.Plan
	mu     sync.Mutex
	at     time.Time
}

// fleet has a free server with notes, an owned, a blocked, and a free one that is on.
func fleet() []simulator.Server {
	return []simulator.Server{
		{ID: "1", Type: "E3-16G"}, {ID: drilled, Type: "E3-16G", Notes: "rack 4, unit 2\nleft rail is bent"},
		{ID: "3", Type: "E3-16G", Owner: "u-7", Hostname: "s7.example.com", Power: simulator.PowerOn}, {ID: "4", Type: "E5-64G", Power: simulator.PowerOn},
	}
}

func newWorld(t *testing.T, config simulator.Config) *world {
	t.Helper()
	w := &world{t: t, at: time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)}
	if len(config.Fleet) == 0 {
		config.Fleet = fleet()
	}
	config.Users = append(config.Users, simulator.User{Name: "u-7", Password: "secret-of-u7", Level: 16})
	config.Clock = w.now
	panel, err := simulator.New(config)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.wrap != nil {
			w.wrap(panel).ServeHTTP(rw, r)
			return
		}
		panel.ServeHTTP(rw, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(func() {
		panel.Close()
		server.Close()
	})
	sum := sha256.Sum256(server.Certificate().Raw)
	client, err := dci5.New(dci5.Config{Name: "fra1", URL: server.URL + "/dcimgr", User: "whmcsapi", Password: "secret", Fingerprint: hex.EncodeToString(sum[:]), Rate: 1e6})
	require.NoError(t, err)
	w.Panel, w.config = panel, config
	w.Prover = &proving.Prover{Client: client, Now: w.now, Sleep: w.sleep}
	w.plan = proving.Plan{Server: drilled, Holder: holder, Group: "public", Template: debian, Journal: filepath.Join(t.TempDir(), "drill.json"),
		Limit: 10 * time.Minute, Poll: time.Second, Window: time.Minute}
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) sleep(ctx context.Context, d time.Duration) error {
	if w.asleep != nil {
		w.asleep()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
	return ctx.Err()
}

// stock is every server as people see it: what has to be as before.
func (w *world) stock() []simulator.Server {
	servers := w.State().Servers
	for i := range servers {
		s := &servers[i]
		s.Tenancy, s.Operation, s.Pending = simulator.Tenancy{}, simulator.Operation{}, nil
		s.Notes = strings.ReplaceAll(s.Notes, "\r\n", "\n") // as the panel stores them
		for c := range s.Connections {
			s.Connections[c].BusyUntil = time.Time{}
		}
	}
	return servers
}

// unchanged requires everything to be as it was. What an install leaves is named.
func (w *world) unchanged(before []simulator.Server) {
	w.t.Helper()
	after := w.stock()
	for i := range before {
		if w.config.TemplateOnAccept && w.plan.Template != "" && before[i].ID == w.plan.Server {
			before[i].Template = after[i].Template
		}
		if w.config.CancelMeansFailed || w.plan.Template != "" && before[i].OperationFailed { // an install clears an old failure
			before[i].OperationFailed = after[i].OperationFailed
		}
	}
	require.Equal(w.t, before, after)
	require.Empty(w.t, w.Violations())
	require.NoFileExists(w.t, w.plan.Journal)
}

// want is what a panel of this configuration should be seen to do: the value of a fact.
func want(t *testing.T, config simulator.Config, f profile.Fact) string {
	t.Helper()
	s, there := simulator.SwitchOf(f.Switch)
	require.True(t, there, f.ID)
	text := ""
	switch field := s.Field(&config).(type) {
	case *bool:
		text = fmt.Sprint(*field)
	case *int:
		text = fmt.Sprint(*field)
		if *field == 0 {
			text = ""
		}
	case *string:
		text = *field
	default:
		t.Fatalf("the switch %s of %s is of another type", f.Switch, f.ID)
	}
	if text == "" {
		return f.Expected
	}
	if len(f.Values) == 0 {
		return text
	}
	i := slices.IndexFunc(f.Values, func(v profile.Value) bool { return v.Set == text })
	require.GreaterOrEqual(t, i, 0, "%s has no value for --%s=%s", f.ID, f.Switch, text)
	return f.Values[i].Is
}

// arguments are values of a switch that make a panel differ.
func arguments(f profile.Fact) []string {
	switch f.Switch {
	case "encoding":
		return []string{"windows-1251", "windows-1252", "koi8-r"}
	case "notes-limit":
		return []string{"255", "400", "1000"}
	case "pdu-type":
		return []string{"APC", "pdu"}
	case "admin-level":
		return []string{"28", "30"}
	case "error-status":
		return []string{"400", "500"}
	case "auth-error-type":
		return []string{"access"}
	case "missing-error-type":
		return []string{"value", "access"}
	case "pool-error-type":
		return []string{"value", "access"}
	}
	var all []string
	for _, v := range f.Values {
		if v.Set != "" {
			all = append(all, v.Set)
		}
	}
	return all
}

// switchable are the facts that a panel of ours can have otherwise, and that can be told.
func switchable() []profile.Fact {
	return slices.DeleteFunc(profile.Facts(), func(f profile.Fact) bool {
		return f.Switch == "" || f.Told == profile.ByNobody || f.Varies()
	})
}

func turn(t *testing.T, config *simulator.Config, name, argument string) {
	t.Helper()
	s, there := simulator.SwitchOf(name)
	require.True(t, there, name)
	require.NoError(t, s.Set(config, argument))
}

// stranger is a panel of which nobody tells the switches.
func stranger(t *testing.T, seed uint64) simulator.Config {
	chance := rand.New(rand.NewPCG(seed, 14))
	config := simulator.Config{FlagDelay: time.Duration(1+chance.IntN(9)) * time.Second, PowerTime: time.Duration(chance.IntN(15)) * time.Second, InstallTime: 10 * time.Minute}
	for _, f := range switchable() {
		if all := arguments(f); chance.IntN(2) == 0 {
			turn(t, &config, f.Switch, all[chance.IntN(len(all))])
		}
	}
	if config.Encoding.Name == "" {
		config.Encoding.Undeclared = false // UTF-8 that says UTF-8
	}
	config.Fleet = fleet()
	mine := &config.Fleet[1]
	mine.Power = []simulator.Power{simulator.PowerOn, simulator.PowerOff}[chance.IntN(2)]
	mine.OperationFailed = chance.IntN(3) == 0
	if chance.IntN(3) == 0 {
		mine.Notes = ""
	}
	if chance.IntN(3) == 0 {
		mine.Template = debian
	}
	if chance.IntN(3) == 0 {
		config.Fleet = config.Fleet[:2] // nobody owns anything
	}
	if chance.IntN(4) == 0 {
		config.PoolSize = -1
	}
	if chance.IntN(4) == 0 {
		config.DiagnosticsOnRelease = time.Minute
	}
	return config
}

// excused tells whether a fact may stay without an answer on a panel.
func excused(f profile.Fact, config simulator.Config, install bool) bool {
	server := config.Fleet[1]
	switch f.ID {
	case "pool-error-type":
		return config.PoolSize >= 0
	case "ipv6-spelling":
		return config.PoolSize < 0
	case "template-shown":
		return server.Template == debian || !install
	case "failure-clears":
		return !install || !config.CancelMeansFailed && !server.OperationFailed
	}
	return f.Told == profile.ByInstall && !install
}

func seconds(t *testing.T, text string) float64 {
	t.Helper()
	d, err := time.ParseDuration(text)
	require.NoError(t, err)
	return d.Seconds()
}
