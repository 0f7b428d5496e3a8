package simulator_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// clock is a panel's time, moved by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// tree is an XML answer.
type tree struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []tree     `xml:",any"`
}

func (n tree) child(name string) *tree {
	for i := range n.Children {
		if n.Children[i].XMLName.Local == name {
			return &n.Children[i]
		}
	}
	return nil
}

func (n tree) get(name string) string {
	if c := n.child(name); c != nil {
		return c.Text
	}
	return ""
}

func (n tree) has(name string) bool { return n.child(name) != nil }

func (n tree) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rows are the elem children that a condition holds for.
func (n tree) rows(where func(tree) bool) []tree {
	var rows []tree
	for _, c := range n.Children {
		if c.XMLName.Local == "elem" && (where == nil || where(c)) {
			rows = append(rows, c)
		}
	}
	return rows
}

func id(want string) func(tree) bool {
	return func(n tree) bool { return n.get("id") == want }
}

// desk is a panel that is served, and somebody who calls it.
type desk struct {
	t     *testing.T
	panel *simulator.Panel
	clock *clock
	url   string
	// login is sent with every call.
	login url.Values
}

func newDesk(t *testing.T, cfg simulator.Config) *desk {
	t.Helper()
	c := &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	cfg.Clock = c.time
	panel, err := simulator.New(cfg)
	require.NoError(t, err)
	server := httptest.NewServer(panel)
	t.Cleanup(func() { panel.Close(); server.Close() })
	return &desk{t, panel, c, server.URL, url.Values{"authinfo": {"whmcsapi:secret"}}}
}

// as is the same desk with another login.
func (d *desk) as(name, value string) *desk {
	other := *d
	other.login = url.Values{name: {value}}
	return &other
}

func (d *desk) form(function string, params ...string) url.Values {
	form := url.Values{"out": {"xml"}, "func": {function}}
	for name, values := range d.login {
		form[name] = values
	}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	return form
}

func (d *desk) post(function string, params ...string) (*http.Response, error) {
	return http.PostForm(d.url+"/dcimgr", d.form(function, params...))
}

// raw is the text of an answer.
func (d *desk) raw(function string, params ...string) string {
	d.t.Helper()
	resp, err := d.post(function, params...)
	require.NoError(d.t, err)
	return body(d.t, resp)
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(text)
}

// ask makes a call and returns the document, an error document too.
func (d *desk) ask(function string, params ...string) tree {
	d.t.Helper()
	text := d.raw(function, params...)
	var doc tree
	require.NoError(d.t, xml.Unmarshal([]byte(text), &doc), text)
	require.Equal(d.t, xml.Name{Local: "doc"}, doc.XMLName, "no namespace")
	return doc
}

// must makes a call that has to succeed.
func (d *desk) must(function string, params ...string) tree {
	d.t.Helper()
	doc := d.ask(function, params...)
	require.False(d.t, doc.has("error"), "%s %v: %s", function, params, refusalOf(doc))
	return doc
}

func refusalOf(doc tree) string {
	if e := doc.child("error"); e != nil {
		return e.attr("type") + " " + e.attr("object") + ": " + e.get("msg")
	}
	return ""
}

// refused makes a call that has to fail with this type and object.
func (d *desk) refused(want, function string, params ...string) {
	d.t.Helper()
	failure := d.ask(function, params...).child("error")
	require.NotNil(d.t, failure, "%s %v is not refused", function, params)
	require.Equal(d.t, want, strings.TrimSpace(failure.attr("type")+" "+failure.attr("object")), "%s %v", function, params)
	require.NotEmpty(d.t, failure.get("msg"))
}

func (d *desk) row(server string) tree {
	d.t.Helper()
	rows := d.must("server").rows(id(server))
	require.Len(d.t, rows, 1)
	return rows[0]
}

// server is a server in the state.
func (d *desk) server(id string) simulator.Server {
	d.t.Helper()
	for _, s := range d.panel.State().Servers {
		if s.ID == id {
			return s
		}
	}
	d.t.Fatalf("there is no server %s", id)
	return simulator.Server{}
}

// save reads the form of a server and saves it whole, with owner and notes.
func (d *desk) save(server, owner, notes string) {
	d.t.Helper()
	form := d.must("server.edit", "elid", server)
	d.must("server.edit", "sok", "ok", "elid", server, "mac", form.get("mac"), "name", form.get("name"),
		"type", form.get("type"), "owner", owner, "notes", notes)
}

func (d *desk) customer(name string) string {
	d.t.Helper()
	return d.must("user.edit", "sok", "ok", "level", "lvUser", "name", name, "passwd", "pw-"+name).get("id")
}

func (d *desk) administer(server, change string) {
	d.t.Helper()
	_, err := d.panel.Administer(server, []byte(change))
	require.NoError(d.t, err)
}

// kinds of the violations so far.
func (d *desk) kinds() []string {
	kinds := []string{}
	for _, v := range d.panel.Violations() {
		kinds = append(kinds, v.Kind)
	}
	return kinds
}

const template = "ISPsystem__Debian-12-x86_64"

func (d *desk) installOS(server string) tree {
	d.t.Helper()
	return d.ask("server.operations", "sok", "ok", "elid", server, "operation", "ostemplate", "ostemplate", template,
		"passwd", "root-pw", "confirm", "root-pw", "checkpasswd", "root-pw", "recipe", "null")
}
