package whmcs_test

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
	"metalease/internal/selfsigned"
	"metalease/internal/stack"
	"metalease/internal/temporaltest"
)

// The ten steps of docs/whmcs.md, typed as they are written: what is a command runs, what is a form of WHMCS is filled in from
// the text, and what is docker's is done with docker-compose.yml. Only addresses and secrets are those of this machine.
func TestTheTenStepsOfTheGuide(t *testing.T) {
	t.Parallel()
	panel, err := panelsim.New(panelsim.Config{Servers: 3, Packages: []string{"E3-16G"}, User: "metalease", Password: "of-the-panel", InstallTime: 8 * time.Second, PowerTime: time.Second})
	require.NoError(t, err)
	t.Cleanup(panel.Close)
	dcim := httptest.NewTLSServer(panel)
	t.Cleanup(dcim.Close)
	h := startHost(t, t.TempDir(), t.TempDir()) // a WHMCS without our module
	t.Cleanup(h.stop)
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	certificates := t.TempDir()
	authority := writeCertificate(t, certificates, "metalease.example.com", "127.0.0.1")

	g := readGuide(t)
	c := &compose{guide: g, temporal: temporaltest.Start(t)}
	g.docker = c.do
	g.answers = map[string]string{}
	g.theirs = [][2]string{
		{"deploy/secrets.sh", fmt.Sprintf("printf '%%s\\n' %s %s of-the-panel | deploy/secrets.sh", stack.Identifier, stack.APISecret)}, // what is typed
		{"/etc/letsencrypt/live/metalease.example.com", certificates}, {"chown 10001 ", fmt.Sprintf("chown %d ", os.Getuid())},
		{"https://billing.example.com/", "http://" + h.address + "/"}, {"dci.example.com:1500", strings.TrimPrefix(dcim.URL, "https://")},
		{"metalease.example.com", "127.0.0.1"}, {"0.0.0.0", "127.0.0.1"}, {"8443", strconv.Itoa(port)}, {"/var/www/whmcs", h.root},
	}

	printed := g.run(t, "3")
	require.Contains(t, printed, "the configuration is complete, and WHMCS answers")
	env := g.env(t)
	require.Equal(t, "metalease", env["DCI_USER"])
	require.Contains(t, g.run(t, "4"), "E3-16G")

	g.run(t, "5")
	require.FileExists(t, filepath.Join(h.root, "modules/servers/metalease/metalease.php"))
	require.FileExists(t, filepath.Join(h.root, "includes/hooks/metalease.php"))

	form := g.table("6")
	require.Equal(t, "the text of deploy/secrets/METALEASE_GATEWAY_SECRET", form["Password"])
	secret, err := os.ReadFile(filepath.Join(g.root, "deploy/secrets/METALEASE_GATEWAY_SECRET"))
	require.NoError(t, err)
	require.Equal(t, env["DCI_NAME"], form["Username"])
	require.Equal(t, env["METALEASE_PORT"], form["Port"])
	var made struct{ ID, Group int }
	h.ask(t, "server", record{"name": "Panel", "type": form["Module"], "hostname": form["Hostname"], "port": form["Port"], "username": form["Username"],
		"password": strings.TrimSpace(string(secret)), "secure": form["Secure"], "accesshash": "ca=" + authority}, &made) // nobody's authority but ours
	group := made.Group
	var tested struct {
		Result struct {
			Success bool
			Error   string
		}
	}
	h.ask(t, "cron", record{}, nil)                                                      // as WHMCS does each five minutes
	h.ask(t, "call", record{"function": "TestConnection", "serverid": made.ID}, &tested) // step 7
	require.True(t, tested.Result.Success, tested.Result.Error)

	rule := regexp.MustCompile("trigger \\*API\\*, the identifier `([a-z]+)`").FindStringSubmatch(g.steps["8"])
	require.Len(t, rule, 2)

	var offered struct{ Result map[string]string }
	h.ask(t, "call", record{"function": "LoadPackages", "serverid": made.ID}, &offered)
	require.Contains(t, offered.Result, "E3-16G", "both offer what the panel has")
	product := func(pack string) int {
		settings := record{"1": pack, "2": "ISPsystem__Debian-12-x86_64"}
		h.ask(t, "product", record{"name": pack, "type": "server", "servertype": "metalease", "servergroup": group, "autosetup": "", "settings": settings}, &made)
		return made.ID
	}
	var client, order struct {
		ID         int
		InvoiceID  int
		ServiceIDs []int
	}
	h.ask(t, "client", record{}, &client)
	place := func(pid int) int {
		h.ask(t, "order", record{"clientid": client.ID, "items": []record{{"pid": pid, "domain": "shop.example.com"}}}, &order)
		h.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
		return order.ServiceIDs[0]
	}
	id, stopped := place(product("E3-16G")), place(product("NO-SUCH-PACKAGE"))
	g.theirs = append(g.theirs, [2]string{"SERVICE", strconv.Itoa(id)})
	require.Contains(t, g.run(t, "10"), "active")
	require.True(t, eventually(func() bool { return h.of(t, id).service(id).Status == "Active" }))
	require.Equal(t, 1, h.of(t, id).mailsOf(id))

	require.True(t, eventually(func() bool {
		for _, told := range h.state(t).Notifications {
			if told["identifier"] == rule[1] && strings.Contains(fmt.Sprint(told["title"]), strconv.Itoa(stopped)) {
				return true
			}
		}
		return false
	}), "the rule of step 8 hears of an order that needs a person")
	require.Empty(t, panel.Violations())
}

// writeCertificate makes what certbot would, and returns the file of its authority.
func writeCertificate(t *testing.T, folder string, hosts ...string) string {
	t.Helper()
	pair, certificate, err := selfsigned.New(hosts...)
	require.NoError(t, err)
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "fullchain.pem"), certificate, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "privkey.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	return filepath.Join(folder, "fullchain.pem")
}
