package simulator_test

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

func dialling(address string) *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}).DialContext}
}

func jar(t *testing.T) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return jar
}

// A browser logs in with a form, is sent on to an address without secrets, and is known by its
// cookie from then on.
func TestABrowser(t *testing.T) {
	d := tenanted(t, simulator.Config{})
	d.must("session.newkey", "username", "a", "key", key)
	browser := &http.Client{Jar: jar(t)}
	resp, err := browser.PostForm(d.url+"/dcimgr", url.Values{"func": {"auth"}, "username": {"a"}, "key": {key}, "checkcookie": {"no"}})
	require.NoError(t, err)
	page := body(t, resp)
	require.Equal(t, "/dcimgr", resp.Request.URL.RequestURI())
	require.Contains(t, page, "user=a")
	require.Contains(t, page, "id=1 ")
	require.NotContains(t, page, "id=2 ")
	cookies := browser.Jar.Cookies(resp.Request.URL)
	require.NotEmpty(t, cookies)
	for _, cookie := range cookies {
		require.NotContains(t, page, cookie.Value+" ")
	}

	for path, status := range map[string]int{"/ipmi/1": http.StatusOK, "/ipmi/2": http.StatusForbidden, "/ipmi/9": http.StatusForbidden} {
		resp, err = browser.Get(d.url + path)
		require.NoError(t, err)
		require.Equal(t, status, resp.StatusCode, path)
		require.Equal(t, status == http.StatusOK, resp.StatusCode == http.StatusOK && len(body(t, resp)) > 0)
	}
	require.Equal(t, simulator.Counter{Requests: 3, Errors: 2, Bytes: d.panel.State().Functions["ipmi"].Bytes}, d.panel.State().Functions["ipmi"])
	require.Empty(t, d.kinds(), "a look is no harm")

	// A browser that has been there before has a cookie.
	d.must("session.newkey", "username", "a", "key", key)
	resp, err = browser.PostForm(d.url+"/dcimgr", url.Values{"func": {"auth"}, "username": {"a"}, "key": {key}})
	require.NoError(t, err)
	require.Contains(t, body(t, resp), "user=a")
	d.clock.advance(2 * time.Hour)
	resp, err = browser.Get(d.url + "/dcimgr")
	require.NoError(t, err)
	page = body(t, resp)
	require.NotContains(t, page, "user=a", "a session ends")
	require.Contains(t, page, "error=Invalid user name or password")
}

// What a console wants, and who has none.
func TestWhatAConsoleRefuses(t *testing.T) {
	d := tenanted(t, simulator.Config{})
	d.refused("value value", "ipmiredirect", "elid", "1", "value", "IPMI S2")
	d.refused("value value", "ipmiredirect", "elid", "1")
	d.refused("missed elid", "ipmiredirect", "elid", "9", "value", "IPMI S9")
	require.Equal(t, "IPMI S1", d.row("1").get("ipmi"))
	d.must("ipmiredirect", "elid", "1", "value", "IPMI S1")
}
