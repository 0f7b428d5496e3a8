package whmcs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
)

// host is a running WHMCS of host/ with a module unpacked in it.
type host struct {
	address string
	// root is the root of the WHMCS, into which modules are unpacked; log is the file of what PHP complains about.
	root, log string
	stop      func()
}

// startHost serves a WHMCS with this module until stop is called or the test
// binary ends, whichever way.
func startHost(t *testing.T, dir, module string) *host {
	t.Helper()
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	h := &host{address: fmt.Sprintf("127.0.0.1:%d", port), root: filepath.Join(dir, "whmcs", "root"), log: filepath.Join(dir, "whmcs", "php.log")}
	out, err := os.Create(filepath.Join(dir, "serve.log"))
	require.NoError(t, err)
	cmd := exec.Command("php", "host/serve.php", h.address, filepath.Join(dir, "whmcs"), module)
	cmd.Env = append(os.Environ(), "PHP_CLI_SERVER_WORKERS=8", "WHMCS_DB_SOCKET="+databaseSocket, "WHMCS_URL=http://"+h.address+"/", "WHMCS_IDENTIFIER="+stack.Identifier, "WHMCS_SECRET="+stack.APISecret)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	alive, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	h.stop = func() {
		_ = alive.Close() // ends the whole group
		_ = cmd.Wait()    // it was killed
		_ = out.Close()
	}
	require.Eventually(t, func() bool {
		resp, err := http.Get("http://" + h.address + "/_host/state")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, patience, 20*time.Millisecond, "the WHMCS does not answer, see %s", out.Name())
	return h
}

// ask has the host do something; anything but success fails the test.
func (h *host) ask(t *testing.T, name string, in, out any) {
	t.Helper()
	code, answer := h.post(t, name, in)
	require.Equal(t, http.StatusOK, code, "%s: %s", name, answer)
	if out != nil {
		require.NoError(t, json.Unmarshal(answer, out), "%s answered %s", name, answer)
	}
}

func (h *host) post(t *testing.T, name string, in any) (int, []byte) {
	t.Helper()
	text, err := json.Marshal(in)
	require.NoError(t, err)
	resp, err := http.Post("http://"+h.address+"/_host/"+name, "application/json", bytes.NewReader(text))
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, answer
}

// state is what the tests read of the host's tables.
func (h *host) state(t *testing.T) hostState {
	t.Helper()
	var state hostState
	h.ask(t, "state", struct{}{}, &state)
	return state
}

// of is what the tables say of one service.
func (h *host) of(t *testing.T, service int) hostState {
	t.Helper()
	var state hostState
	h.ask(t, "state", record{"serviceid": service}, &state)
	return state
}

// record is anything of a request or an answer.
type record map[string]any

// hostState are rows of the host's tables.
type hostState struct {
	Services []hostService `json:"services"`
	Orders   []struct {
		ID     int    `json:"id"`
		Status string `json:"status"`
	} `json:"orders"`
	Queue []queueRow `json:"queue"`
	Mails []struct {
		ServiceID int    `json:"serviceid"`
		Template  string `json:"template"`
		Fields    struct {
			IP       string `json:"service_dedicated_ip"`
			ExtraIPs string `json:"service_assigned_ips"`
			Username string `json:"service_username"`
			Password string `json:"service_password"`
			// What opens which door, of the module's own.
			PanelUser     string `json:"metalease_panel_user"`
			PanelPassword string `json:"metalease_panel_password"`
			RootPassword  string `json:"metalease_root_password"`
		} `json:"fields"`
	} `json:"mails"`
	Calls []struct {
		Function     string `json:"function"`
		ServiceID    int    `json:"serviceid"`
		Result       string `json:"result"`
		Milliseconds int    `json:"milliseconds"`
	} `json:"calls"`
	Notifications []record         `json:"notifications"`
	Tickets       []record         `json:"tickets"`
	ModuleLog     []record         `json:"module_log"`
	Activity      []record         `json:"activity"`
	ISPsystem     []ispsystemEntry `json:"ispsystem"`
}

// hostService is a row of tblhosting, its password in clear.
type hostService struct {
	ID          int    `json:"id"`
	ClientID    int    `json:"userid"`
	Status      string `json:"domainstatus"`
	Username    string `json:"username"`
	Password    string `json:"password"`
	Domain      string `json:"domain"`
	IP          string `json:"dedicatedip"`
	ExtraIPs    string `json:"assignedips"`
	Due         string `json:"nextduedate"`
	SuspendedBy string `json:"suspendreason"`
	Notes       string `json:"notes"`
	Bandwidth   int    `json:"bwusage"`
}

// queueRow is a row of tblmodulequeue.
type queueRow struct {
	ID        int    `json:"id"`
	ServiceID int    `json:"service_id"`
	Action    string `json:"module_action"`
	Error     string `json:"last_attempt_error"`
	Completed int    `json:"completed"`
}

// ispsystemEntry is a row of mod_ispsystem.
type ispsystemEntry struct {
	ServiceID  int    `json:"serviceid"`
	ExternalID string `json:"external_id"`
}

func (s hostState) service(id int) hostService {
	for _, service := range s.Services {
		if service.ID == id {
			return service
		}
	}
	return hostService{}
}

// mailsOf counts the mails about a service.
func (s hostState) mailsOf(id int) (found int) {
	for _, mail := range s.Mails {
		if mail.ServiceID == id {
			found++
		}
	}
	return found
}

// oldModule is the server that the table of ISPsystem's module has for a service.
func (s hostState) oldModule(id int) string {
	for _, entry := range s.ISPsystem {
		if entry.ServiceID == id {
			return entry.ExternalID
		}
	}
	return ""
}

// queueOf are the open rows of a service.
func (s hostState) queueOf(id int) (rows []queueRow) {
	for _, row := range s.Queue {
		if row.ServiceID == id && row.Completed == 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// browser is somebody who is logged in.
type browser struct {
	host  *host
	http  *http.Client
	token string
}

// login opens a session: of a client, or as administrator with client 0.
func (h *host) login(t *testing.T, client int) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	b := &browser{host: h, http: &http.Client{Jar: jar, Timeout: 60 * time.Second}}
	who := record{"client": client}
	if client == 0 {
		who = record{"admin": 1}
	}
	text, err := json.Marshal(who)
	require.NoError(t, err)
	resp, err := b.http.Post("http://"+h.address+"/_host/login", "application/json", bytes.NewReader(text))
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	var answer struct{ Token string }
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	b.token = answer.Token
	return b
}

// get opens a page and returns its code and text.
func (b *browser) get(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := b.http.Get("http://" + b.host.address + path)
	require.NoError(t, err)
	return read(t, resp)
}

// submit posts a form with the session's token.
func (b *browser) submit(t *testing.T, path string, form url.Values) (int, string) {
	t.Helper()
	form.Set("token", b.token)
	resp, err := b.http.PostForm("http://"+b.host.address+path, form)
	require.NoError(t, err)
	return read(t, resp)
}

func read(t *testing.T, resp *http.Response) (int, string) {
	t.Helper()
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}
