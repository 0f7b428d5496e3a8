package simulator

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// token signs a browser in, once.
type token struct {
	client int
	path   string
	made   time.Time
}

// tokenLife is how long a token is good for (docs/whmcs-api.md 5.2).
const tokenLife = 60 * time.Second

// calledAt is where a call came in, beside its parameters: the form of a caller cannot
// set it, for it is written last.
const calledAt = "_sim_called_at"

// systemURL is where browsers reach this WHMCS.
func (w *WHMCS) systemURL(params url.Values) string {
	return strings.TrimRight(or(w.config.SystemURL, params.Get(calledAt)), "/")
}

// destinations are where a token may lead, with their pages.
var destinations = map[string]string{"": "clientarea.php", "clientarea:invoices": "clientarea.php?action=invoices", "clientarea:services": "clientarea.php?action=services"}

// createSsoToken makes a token for a client who allows it. A custom destination is a path
// below this WHMCS.
func (w *WHMCS) createSsoToken(params url.Values) object {
	if !params.Has("client_id") {
		return failed("A valid client_id or user_id is required")
	}
	client := w.State().Client(id(params, "client_id"))
	if client == nil {
		return failed("Invalid client_id")
	}
	path, known := destinations[params.Get("destination")]
	if params.Get("destination") == "sso:custom_redirect" {
		path, known = strings.TrimLeft(params.Get("sso_redirect_path"), "/"), true
	}
	if !known {
		return failed("Invalid destination")
	}
	if client.NoSSO || client.Status == "Closed" {
		return failed(fmt.Sprintf("SSO authentication blocked for client %d", client.ID))
	}
	text := strings.ToLower(rand.Text() + rand.Text())
	w.mu.Lock()
	w.tokens[text] = token{client.ID, path, w.config.Now()}
	w.mu.Unlock()
	return success(object{"access_token": text, "redirect_url": w.systemURL(params) + "/oauth/singlesignon.php?access_token=" + text})
}

// session is the cookie of a browser that is signed in.
const session = "WHMCSsim"

// signOn redeems a token; one that is used or too old leads to the page to sign in.
func (w *WHMCS) signOn(rw http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("access_token")
	w.mu.Lock()
	t, there := w.tokens[text]
	delete(w.tokens, text)
	w.mu.Unlock()
	rw.Header().Set("Cache-Control", "no-store")
	if !there || w.config.Now().Sub(t.made) > tokenLife {
		http.Redirect(rw, r, signInPage, http.StatusFound)
		return
	}
	w.signIn(rw, t.client)
	http.Redirect(rw, r, "/"+t.path, http.StatusFound)
}

func (w *WHMCS) signIn(rw http.ResponseWriter, client int) {
	text := rand.Text()
	w.mu.Lock()
	w.sessions[text] = client
	w.mu.Unlock()
	http.SetCookie(rw, &http.Cookie{Name: session, Value: text, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// signedIn is the client of a browser; 0 for nobody.
func (w *WHMCS) signedIn(r *http.Request) int {
	cookie, err := r.Cookie(session)
	if err != nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sessions[cookie.Value]
}
