package panel

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/signon"
	"metalease/internal/tlstrust"
)

// walk is a browser that goes through a door, and the page behind it.
func (w *world) walk(door signon.Door) string {
	w.T.Helper()
	trust, err := tlstrust.Config(w.Dial.CAFile, "")
	require.NoError(w.T, err)
	browser := http.Client{Transport: &http.Transport{TLSClientConfig: trust}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := url.Values{}
	for name, value := range door.Fields {
		form.Set(name, value)
	}
	answer, err := browser.PostForm(door.URL, form)
	require.NoError(w.T, err)
	defer func() { _ = answer.Body.Close() }()
	page, err := io.ReadAll(answer.Body)
	require.NoError(w.T, err)
	return answer.Status + " " + string(page)
}

func (w *world) signOn(in tenant.Server, console bool) (signon.Door, []byte) {
	w.T.Helper()
	key, err := signon.NewKey()
	require.NoError(w.T, err)
	sealed, err := simulated.Run[[]byte](w, w.p.SignOn, tenant.SignOn{Server: in, Console: console, Key: key.Public()})
	require.NoError(w.T, err)
	door, err := key.Open(sealed)
	require.NoError(w.T, err)
	return door, sealed
}

// TestADoorOpensForItsCallerAlone: what the engine keeps of it opens nothing, and nothing secret stands in
// the address.
func TestADoorOpensForItsCallerAlone(t *testing.T) {
	for name, console := range map[string]bool{"panel": false, "console": true} {
		for _, asCustomer := range []bool{true, false} {
			w := newWorld(t)
			in := w.rented()
			in.AsCustomer = asCustomer
			var beats bytes.Buffer
			w.Env.SetOnActivityHeartbeatListener(func(_ *activity.Info, details converter.EncodedValues) {
				var kept any
				if details.HasValues() && details.Get(&kept) == nil {
					_, _ = fmt.Fprint(&beats, kept)
				}
			})
			door, sealed := w.signOn(in, console)
			require.True(t, door.ExpiresAt.After(time.Now()), name)
			require.NotEmpty(t, door.Fields)
			for _, secret := range []string{door.Fields["key"], door.Fields["auth"]} {
				if secret == "" {
					continue
				}
				require.NotContains(t, string(sealed), secret)
				require.NotContains(t, door.URL, secret)
				require.NotContains(t, beats.String(), secret)
			}
			who := map[bool]string{true: in.Account.Name, false: "whmcsapi"}[asCustomer]
			require.Contains(t, w.walk(door), map[bool]string{true: "Console of server 1 for " + who, false: "303 See Other"}[console])
			require.True(t, console || door.Fields["username"] == who)
			other, _ := w.signOn(in, console)
			require.NotEqual(t, door.Fields, other.Fields, "each click has a door of its own")
			w.RequireClean()
		}
	}
}

func TestADoorOfNoUseIsAnError(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Console = panelsim.ConsolePath })
	in := w.rented()
	key, err := signon.NewKey()
	require.NoError(t, err)
	err = simulated.Do(w, w.p.SignOn, tenant.SignOn{Server: in, Console: true, Key: key.Public()})
	simulated.RequireType(t, err, edge.ErrPanelUnsupported, false)
	require.ErrorContains(t, err, "open the console in the panel")

	err = simulated.Do(w, w.p.SignOn, tenant.SignOn{Server: in, Key: []byte("short")})
	simulated.RequireType(t, err, edge.ErrBadMessage, false)

	in.Account.ID = "999"
	err = simulated.Do(w, w.p.SignOn, tenant.SignOn{Server: in, Key: key.Public()})
	require.Error(t, err, "an account that the panel does not have")
}
