package main

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

//go:embed pages.html style.css live.js
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages.html"))

type shop struct {
	gateway       *gateway
	currency, url string
	verifier      *standardwebhooks.Webhook

	mu sync.Mutex
	// visitors are whose each cart is; events are what came for it; seen are the ids of these.
	visitors map[string]string
	events   map[string][]event
	seen     map[string]bool
}

func newShop(g *gateway, currency, url, webhookSecret string) (*shop, error) {
	verifier, err := standardwebhooks.NewWebhook(webhookSecret)
	if err != nil || webhookSecret == "" || g.secret == "" {
		return nil, errors.New("SHOP_SECRET and SHOP_WEBHOOK_SECRET (whsec_ and base64) must be set")
	}
	return &shop{gateway: g, currency: currency, url: url, verifier: verifier,
		visitors: map[string]string{}, events: map[string][]event{}, seen: map[string]bool{}}, nil
}

func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.front)
	mux.HandleFunc("GET /plain", s.plain)
	mux.HandleFunc("/order/{sku}", s.order)
	mux.HandleFunc("GET /cart/{id}", s.cart)
	mux.HandleFunc("GET /cart/{id}/live", s.live)
	mux.HandleFunc("POST /cart/{id}/pay", s.pay)
	mux.HandleFunc("POST /cart/{id}/cancel", s.cancel)
	mux.HandleFunc("POST /webhooks", s.webhook)
	mux.Handle("GET /style.css", http.FileServerFS(files))
	mux.Handle("GET /live.js", http.FileServerFS(files))
	return http.NewCrossOriginProtection().Handler(mux) // a page of another site orders and pays nothing
}

func (s *shop) page(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if w.Header().Get("Content-Security-Policy") == "" {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
	}
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, name, data) // a browser that went away is its own affair
}

// fail shows what the gateway says.
func (s *shop) fail(w http.ResponseWriter, err error) {
	s.page(w, http.StatusBadGateway, "message", "We cannot sell just now: "+err.Error())
}

func (s *shop) products(r *http.Request) ([]product, error) {
	var catalogue struct{ Products []product }
	err := s.gateway.call(r.Context(), http.MethodGet, "/v1/catalogue", "", nil, &catalogue)
	return catalogue.Products, err
}

func (s *shop) front(w http.ResponseWriter, r *http.Request) {
	products, err := s.products(r)
	if err != nil {
		s.fail(w, err)
		return
	}
	type row struct {
		product
		Price []price
	}
	var rows []row
	for _, p := range products {
		rows = append(rows, row{p, p.in(s.currency)})
	}
	s.page(w, http.StatusOK, "front", rows)
}

// plain is a page that needs no backend: the script and the catalogue are the gateway's public ones.
func (s *shop) plain(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src "+s.gateway.url+"; connect-src "+s.gateway.url+"; img-src data:")
	s.page(w, http.StatusOK, "plain", map[string]string{"Gateway": s.gateway.url, "Currency": s.currency})
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

// order shows the form of a product, and hands its cart over. The idempotency key is made with the
// form: pressed twice, there is one order. A cart that was refused gets a new key.
func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	products, err := s.products(r)
	if err != nil {
		s.fail(w, err)
		return
	}
	i := slices.IndexFunc(products, func(p product) bool { return p.SKU == r.PathValue("sku") })
	if i < 0 {
		s.page(w, http.StatusNotFound, "message", "We do not sell that.")
		return
	}
	var given url.Values
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
		if err := r.ParseForm(); err != nil {
			s.page(w, http.StatusBadRequest, "message", "That was no form of this shop.")
			return
		}
		given = r.PostForm
	}
	who, status, again := visitor(w, r), http.StatusOK, rand.Text()
	fields := form(products[i], s.currency, strings.ToLower(again[:6]), given)
	var others []fault
	if given != nil {
		ip, _, _ := net.SplitHostPort(r.RemoteAddr) // behind a proxy: the address that the proxy names
		var made cart
		body := request(products[i], s.currency, ip, fields)
		body["return_url"] = s.url + "/"
		err := s.gateway.call(r.Context(), http.MethodPost, "/v1/carts", who+given.Get("attempt"), body, &made)
		if err == nil {
			s.mu.Lock()
			s.visitors[made.ID] = who
			s.mu.Unlock()
			http.Redirect(w, r, "/cart/"+made.ID, http.StatusSeeOther)
			return
		}
		refused, is := errors.AsType[*problem](err)
		if !is {
			s.fail(w, err)
			return
		}
		status, others = http.StatusUnprocessableEntity, place(fields, refused)
	}
	s.page(w, status, "order", map[string]any{"Product": products[i], "Fields": fields, "Others": others, "Faulty": status != http.StatusOK, "Attempt": again})
}

// place puts each fault at its field, and returns those that have none in the form.
func place(fields []field, refused *problem) (others []fault) {
	for _, f := range refused.Errors {
		if f.Field == "items" { // the count of all servers: this form has one item
			f.Field = "items[0].quantity"
		}
		if i := slices.IndexFunc(fields, func(shown field) bool { return shown.Name == f.Field }); i >= 0 {
			fields[i].Fault = f.Reason
		} else {
			others = append(others, f)
		}
	}
	if len(refused.Errors) == 0 {
		others = append(others, fault{Reason: cmp.Or(refused.Detail, refused.Title)})
	}
	return others
}

// mine asks for a cart of this visitor. Nobody else sees it: at its checkout somebody is signed in.
func (s *shop) mine(w http.ResponseWriter, r *http.Request, method, more string, answer any) bool {
	s.mu.Lock()
	owner := s.visitors[r.PathValue("id")]
	s.mu.Unlock()
	if owner == "" || owner != visitor(w, r) {
		s.page(w, http.StatusNotFound, "message", "There is no such order of yours.")
		return false
	}
	if err := s.gateway.call(r.Context(), method, "/v1/carts/"+r.PathValue("id")+more, "", nil, answer); err != nil {
		s.fail(w, err)
		return false
	}
	return true
}

type view struct {
	cart
	Events []event
}

func (s *shop) view(c cart) view {
	s.mu.Lock()
	defer s.mu.Unlock()
	return view{c, slices.Clone(s.events[c.ID])}
}

func (s *shop) cart(w http.ResponseWriter, r *http.Request) {
	var c cart
	if s.mine(w, r, http.MethodGet, "", &c) {
		s.page(w, http.StatusOK, "cart", s.view(c))
	}
}

// live answers the page's script when the cart has changed, or after two seconds.
func (s *shop) live(w http.ResponseWriter, r *http.Request) {
	var c cart
	if !s.mine(w, r, http.MethodGet, "?wait=2s", &c) {
		return
	}
	var html bytes.Buffer
	if err := pages.ExecuteTemplate(&html, "live", s.view(c)); err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]any{"status": c.Status(), "payable": c.Payable(), "html": html.String()})
}

// pay makes the address at the click, and leads there.
func (s *shop) pay(w http.ResponseWriter, r *http.Request) {
	var payment struct{ URL string }
	if s.mine(w, r, http.MethodPost, "/checkout", &payment) {
		http.Redirect(w, r, payment.URL, http.StatusSeeOther)
	}
}

func (s *shop) cancel(w http.ResponseWriter, r *http.Request) {
	if s.mine(w, r, http.MethodDelete, "", &cart{}) {
		http.Redirect(w, r, "/cart/"+r.PathValue("id"), http.StatusSeeOther)
	}
}
