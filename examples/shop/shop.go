package main

import (
	"cmp"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

//go:embed pages.html style.css live.js
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages.html"))

type shop struct {
	gateway  *gateway
	currency string
	verifier *standardwebhooks.Webhook

	mu       sync.Mutex
	visitors map[string]string  // whose each cart is
	events   map[string][]event // what came for it
	seen     map[string]bool    // the ids of these: an event may come twice
}

func newShop(g *gateway, currency, webhookSecret string) (*shop, error) {
	verifier, err := standardwebhooks.NewWebhook(webhookSecret)
	if err != nil || webhookSecret == "" || g.secret == "" {
		return nil, errors.New("SHOP_SECRET and SHOP_WEBHOOK_SECRET (whsec_ and base64) must be set")
	}
	return &shop{gateway: g, currency: currency, verifier: verifier, visitors: map[string]string{}, events: map[string][]event{}, seen: map[string]bool{}}, nil
}

func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page(s.front))
	mux.HandleFunc("GET /plain", s.page(s.plain))
	mux.HandleFunc("/order/{sku}", s.page(s.order))
	mux.HandleFunc("GET /cart/{id}", s.page(s.cart))
	mux.HandleFunc("POST /cart/{id}/pay", s.page(s.pay))
	mux.HandleFunc("POST /cart/{id}/cancel", s.page(s.cancel))
	mux.HandleFunc("POST /webhooks", s.webhook)
	mux.Handle("GET /style.css", http.FileServerFS(files))
	mux.Handle("GET /live.js", http.FileServerFS(files))
	return http.NewCrossOriginProtection().Handler(mux) // a page of another site orders and pays nothing
}

var errNone = errors.New("there is no such thing of yours")

// page shows one of pages.html with its data. A handler without a name has answered itself.
func (s *shop) page(handle func(http.ResponseWriter, *http.Request) (name string, data any, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("Cache-Control", "no-store")
		name, data, err := handle(w, r)
		if err != nil {
			status := http.StatusBadGateway
			if errors.Is(err, errNone) {
				status = http.StatusNotFound
			}
			w.WriteHeader(status)
			name, data = "message", err.Error()
		}
		if name != "" {
			_ = pages.ExecuteTemplate(w, name, data) // a browser that went away is its own affair
		}
	}
}

func (s *shop) products(r *http.Request) ([]product, error) {
	var catalogue struct{ Products []product }
	err := s.gateway.call(r.Context(), http.MethodGet, "/v1/catalogue", "", nil, &catalogue)
	return catalogue.Products, err
}

func (s *shop) front(_ http.ResponseWriter, r *http.Request) (string, any, error) {
	products, err := s.products(r)
	return "front", map[string]any{"Products": products, "Currency": s.currency}, err
}

// plain is a page that needs no backend: the script and the catalogue are the gateway's public ones.
func (s *shop) plain(w http.ResponseWriter, _ *http.Request) (string, any, error) {
	w.Header().Set("Content-Security-Policy", "default-src 'self' "+s.gateway.url+"; style-src 'self' 'unsafe-inline'; img-src data:")
	return "plain", map[string]string{"Gateway": s.gateway.url, "Currency": s.currency}, nil
}

// visitor names a browser, by a cookie that no other one has.
func visitor(w http.ResponseWriter, r *http.Request) string {
	if cookie, err := r.Cookie("visitor"); err == nil && cookie.Value != "" {
		return cookie.Value
	}
	name := rand.Text()
	http.SetCookie(w, &http.Cookie{Name: "visitor", Value: name, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return name
}

// order shows the form of a product, and hands its cart over. The idempotency key is made with the form:
// pressed twice, there is one order. A cart that was refused gets a new key.
func (s *shop) order(w http.ResponseWriter, r *http.Request) (string, any, error) {
	products, err := s.products(r)
	i := slices.IndexFunc(products, func(p product) bool { return p.SKU == r.PathValue("sku") })
	if err != nil || i < 0 || r.ParseForm() != nil {
		return "", nil, cmp.Or(err, errNone)
	}
	who := visitor(w, r)
	f := form{Product: products[i], Currency: s.currency, Attempt: rand.Text(), given: r.PostForm}
	if r.Method != http.MethodPost {
		return "order", f, nil
	}
	ip, _, _ := net.SplitHostPort(r.RemoteAddr) // behind a proxy: the address that the proxy names
	var made cart
	err = s.gateway.call(r.Context(), http.MethodPost, "/v1/carts", who+r.PostFormValue("attempt"), f.request(ip), &made)
	if refused, is := errors.AsType[*problem](err); is {
		f.Faults = refused.Errors
		if len(f.Faults) == 0 {
			f.Faults = []fault{{Reason: refused.Error()}}
		}
		w.WriteHeader(http.StatusUnprocessableEntity)
		return "order", f, nil
	}
	if err != nil {
		return "", nil, err
	}
	s.mu.Lock()
	s.visitors[made.ID] = who
	s.mu.Unlock()
	http.Redirect(w, r, "/cart/"+made.ID, http.StatusSeeOther)
	return "", nil, nil
}

// mine asks for a cart of this visitor. Nobody else sees it: at its checkout somebody is signed in.
func (s *shop) mine(w http.ResponseWriter, r *http.Request, method, more string, answer any) error {
	s.mu.Lock()
	owner := s.visitors[r.PathValue("id")]
	s.mu.Unlock()
	if owner == "" || owner != visitor(w, r) {
		return errNone
	}
	return s.gateway.call(r.Context(), method, "/v1/carts/"+r.PathValue("id")+more, "", nil, answer)
}

// cart shows a cart. The page's script asks with a wait, and is answered when it has changed.
func (s *shop) cart(w http.ResponseWriter, r *http.Request) (string, any, error) {
	wait := ""
	if r.FormValue("wait") != "" {
		wait = "?wait=2s"
	}
	var c cart
	err := s.mine(w, r, http.MethodGet, wait, &c)
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Events = slices.Clone(s.events[c.ID])
	return "cart", c, err
}

// pay makes the address at the click, and leads there.
func (s *shop) pay(w http.ResponseWriter, r *http.Request) (string, any, error) {
	var payment struct{ URL string }
	err := s.mine(w, r, http.MethodPost, "/checkout", &payment)
	if err == nil {
		http.Redirect(w, r, payment.URL, http.StatusSeeOther)
	}
	return "", nil, err
}

func (s *shop) cancel(w http.ResponseWriter, r *http.Request) (string, any, error) {
	err := s.mine(w, r, http.MethodDelete, "", &cart{})
	if err == nil {
		http.Redirect(w, r, "/cart/"+r.PathValue("id"), http.StatusSeeOther)
	}
	return "", nil, err
}

// event is a webhook whose signature was right.
type event struct {
	Type      string
	Timestamp time.Time
	Data      struct {
		ID, State string
		CartID    string `json:"cart_id"`
		Service   service
	}
}

// webhook takes an event once, if it is metalease's.
func (s *shop) webhook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || s.verifier.Verify(body, r.Header) != nil {
		http.Error(w, "the signature is wrong", http.StatusUnauthorized)
		return
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		http.Error(w, "no event", http.StatusBadRequest)
		return
	}
	id, of := r.Header.Get(standardwebhooks.HeaderWebhookID), cmp.Or(e.Data.CartID, e.Data.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.seen[id] {
		s.seen[id] = true
		s.events[of] = append(s.events[of], e)
	}
	w.WriteHeader(http.StatusNoContent)
}
