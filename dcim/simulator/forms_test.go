package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

func (d *desk) json(out, function string, params ...string) any {
	d.t.Helper()
	text := d.raw(function, append(params, "out", out)...)
	var v any
	require.NoError(d.t, json.Unmarshal([]byte(text), &v), text)
	return v
}

// at walks into decoded JSON: names, and numbers for places in an array.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := v.(map[string]any)
			require.True(t, ok, "%v is no object at %v", v, step)
			v = object[step]
		case int:
			array, ok := v.([]any)
			require.True(t, ok, "%v is no array at %v", v, step)
			require.Greater(t, len(array), step)
			v = array[step]
		}
	}
	return v
}

// The node client logs in, then calls with its session, in out=json.
func TestTheNodeClientsForm(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1, InstallTime: time.Minute, FlagDelay: time.Second})
	login := d.as("none", "").json("json", "auth", "username", "whmcsapi", "password", "secret")
	session := at(t, login, "doc", "auth", "$").(string)
	require.Equal(t, session, at(t, login, "doc", "auth", "$id"))
	require.Equal(t, "29", at(t, login, "doc", "auth", "$level"))
	n := d.as("auth", session)

	require.Equal(t, "free.ds", at(t, n.json("json", "server"), "doc", "elem", 0, "hostname", "$"))
	require.Equal(t, "on", at(t, n.json("json", "server"), "doc", "elem", 0, "poweroff", "$"))
	require.Nil(t, at(t, n.json("json", "server"), "doc", "elem", 0, "poweron"), "an unset flag is no key")

	view := n.json("json", "server.operations", "elid", "1")
	require.Equal(t, "ostemplate", at(t, view, "doc", "slist", 0, "$name"))
	require.Equal(t, template, at(t, view, "doc", "slist", 0, "val", 0, "$key"))
	require.Equal(t, "Debian-12-x86_64", at(t, view, "doc", "slist", 0, "val", 0, "$"))
	start := n.json("json", "server.operations", "sok", "ok", "elid", "1", "ipaddr", "198.18.0.1", "hostname", "a.example.com",
		"ostemplate", template, "passwd", "p", "confirm", "p", "operation", "ostemplate", "isotemplate", "no_iso_template",
		"clearhdd", "off", "fullhddclear", "off", "diag", "ISPsystem__Diag-x86_64", "rescue", "ISPsystem__Sysrescd-x86_64", "clicked_button", "ok")
	require.NotNil(t, at(t, start, "doc", "ok"))
	d.clock.advance(31 * time.Second)
	progress := n.json("json", "server", "elid", "1", "clickstat", "title", "hint_field", "install_in_progress")
	require.Equal(t, "Installing "+template+": 50 %", at(t, progress, "doc", "value", "$"))
	require.NotNil(t, at(t, n.json("json", "server.opercancel", "elid", "1"), "doc", "ok"))

	require.Equal(t, "A1", at(t, n.json("json", "rack"), "doc", "elem", 0, "name", "$"))
	require.Equal(t, "1", at(t, n.json("json", "pdu"), "doc", "elem", 0, "rack_id", "$"))
	port := at(t, n.json("json", "pdu.port", "elid", "1"), "doc", "elem", 0)
	require.Equal(t, "1", at(t, port, "power", "$"))
	require.Equal(t, "free.ds", at(t, port, "serverhname", "$"))
	n.must("pdu.off", "elid", at(t, port, "id", "$").(string))
	require.Equal(t, "0", at(t, n.json("json", "pdu.port", "elid", "1"), "doc", "elem", 0, "power", "$"))
	n.must("pdu.on", "elid", at(t, port, "id", "$").(string))
	require.Equal(t, "A1", at(t, n.json("json", "switch"), "doc", "elem", 0, "rack", "$"))
	port = at(t, n.json("json", "switch.port", "elid", "1"), "doc", "elem", 0)
	n.must("switch.port.off", "elid", at(t, port, "id", "$").(string))
	n.must("switch.port.on", "elid", at(t, port, "id", "$").(string))
	n.must("switch.port.refresh", "elid", at(t, port, "identity", "$").(string))
	n.refused("missed elid", "switch.port.refresh", "elid", at(t, port, "id", "$").(string))

	require.Contains(t, at(t, n.json("json", "ipmiredirect", "elid", "1", "value", "IPMI S1", "newwindow", "yes"), "doc", "ok", "$"), "://")
	require.Equal(t, "free.ds", at(t, n.json("json", "traffic"), "doc", "reportdata", "traff", "elem", 0, "hostname", "$"))
	require.NotNil(t, at(t, n.json("json", "trafficpie"), "doc", "reportdata", "trafficpie", "elem", "traff", "elem", 0))
	require.NotNil(t, at(t, n.json("json", "currentdetails", "elid", "1", "period", "day"), "doc", "reportdata"))
	require.Equal(t, template, at(t, n.json("json", "osmgr"), "doc", "elem", 0, "id", "$"))
	require.Equal(t, "E3-16G", at(t, n.json("json", "chassistempl"), "doc", "elem", 0, "name", "$"))
	n.must("server.connection.autocreateipmi", "plid", "1", "sok", "ok")

	failure := n.json("json", "server.edit", "elid", "77")
	require.Equal(t, "missed", at(t, failure, "doc", "error", "$type"))
	require.Equal(t, "elid", at(t, failure, "doc", "error", "$object"))
	require.NotEmpty(t, at(t, failure, "doc", "error", "msg", "$"))
	require.Equal(t, "object", at(t, failure, "doc", "error", "param", 0, "$name"))
	require.Equal(t, "77", at(t, failure, "doc", "error", "param", 1, "$"))
}

func TestJSONData(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2, Packages: []string{"A", "B"}})
	servers := d.json("JSONdata", "server")
	require.Equal(t, "free.ds", at(t, servers, 0, "hostname"))
	require.Equal(t, "B", at(t, servers, 1, "chassis_templ"))
	require.Equal(t, "A1", at(t, d.json("JSONdata", "rack"), 0, "name"))
	require.Equal(t, "free.ds", at(t, d.json("JSONdata", "switch.port", "elid", "1"), 0, "serverhname"))
	require.Equal(t, "1", at(t, d.json("JSONdata", "server.edit", "elid", "1"), "elid"))

	empty := newDesk(t, simulator.Config{})
	require.Equal(t, []any{}, empty.json("JSONdata", "server"))
	require.Equal(t, []any{}, at(t, empty.json("json", "server"), "doc", "elem"))
	require.Empty(t, empty.must("server").Children)
}

func TestOtherForms(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1})
	require.Equal(t, true, at(t, d.json("bjson", "server.enable", "elid", "1"), "ok"))
	require.Equal(t, "A1-01", at(t, d.json("bjson", "server"), "elem", 0, "name"))
	require.Equal(t, false, at(t, d.json("bjson", "nonsense"), "ok"))
	require.Contains(t, d.raw("server", "out", "text"), "id=1 name=A1-01 hostname=free.ds")
	require.True(t, strings.HasPrefix(d.raw("server", "out", ""), "<!DOCTYPE html>"))
	require.Contains(t, d.raw("server"), `<?xml version="1.0" encoding="UTF-8"?>`)
	require.NotContains(t, d.raw("server"), "CDATA")
}

// Both paths, GET and POST, and parameters of query and body together.
func TestPathsAndMethods(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1})
	query := d.form("server").Encode()
	for _, path := range []string{"/dcimgr", "/manager/dcimgr"} {
		resp, err := http.Get(d.url + path + "?" + query)
		require.NoError(t, err)
		require.Equal(t, "text/xml; charset=UTF-8", resp.Header.Get("Content-Type"))
		require.Contains(t, body(t, resp), "free.ds")
		resp, err = http.PostForm(d.url+path+"?out=json&func=server", url.Values{"authinfo": {"whmcsapi:secret"}})
		require.NoError(t, err)
		require.Contains(t, body(t, resp), `"free.ds"`)
	}
	resp, err := http.Get(d.url + "/other")
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	_ = resp.Body.Close()
}

func TestTextThatNeedsCare(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1})
	notes := "a < b & \"c\"\nsecond line\n\u0416"
	d.save("1", "3", notes)
	require.Equal(t, notes, d.must("server.edit", "elid", "1").get("notes"))
	require.Equal(t, notes, at(t, d.json("json", "server.edit", "elid", "1"), "doc", "notes", "$"))
}

func TestErrorDocument(t *testing.T) {
	d := newDesk(t, simulator.Config{ErrorStatus: 0})
	resp, err := d.post("user.edit", "sok", "ok", "level", "lvUser", "name", "a b", "passwd", "secret-word", "lang", "ru")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	text := body(t, resp)
	require.Contains(t, text, `<error type="value" object="name" lang="ru">`)
	require.Contains(t, text, `<param name="object">name</param><param name="value">a b</param>`)
	require.NotContains(t, text, "secret-word")

	d = newDesk(t, simulator.Config{ErrorStatus: http.StatusBadRequest})
	resp, err = d.post("nonsense")
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	require.Contains(t, body(t, resp), `type="missed" object="func"`)
}
