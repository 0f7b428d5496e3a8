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
	"net/url"
	"slices"
	"strconv"
	"sync"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

//go:embed pages.html style.css live.js
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages.html"))

type shop struct {
	gateway  gateway
	currency string
	verifier *standardwebhooks.Webhook
	mu       sync.Mutex
	events   map[string][]event // what came for each cart
}

// object is what the gateway says. pages.html shows it, by the names of docs/openapi.json.
type object = map[string]any

type event struct {
	id, Type, Timestamp string
	Data                object
}

func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", page(s.front))
	mux.HandleFunc("/order/{sku}", page(s.order))
	mux.HandleFunc("GET /cart", page(s.cart))
	mux.HandleFunc("POST /pay", page(s.pay))
	mux.HandleFunc("POST /cancel", page(s.cancel))
	mux.HandleFunc("POST /webhooks", s.webhook)
	mux.HandleFunc("GET /plain", page(s.plain))
	mux.Handle("GET /style.css", http.FileServerFS(files))
	mux.Handle("GET /live.js", http.FileServerFS(files))
	return http.NewCrossOriginProtection().Handler(mux) // a page of another site orders and pays nothing
}

var errNone = errors.New("there is no such thing of yours")

// page shows one of pages.html with its data. A handler that names none has answered itself.
func page(handle func(http.ResponseWriter, *http.Request) (name string, data object, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("Cache-Control", "no-store")
		name, data, err := handle(w, r)
		if errors.Is(err, errNone) {
			w.WriteHeader(http.StatusNotFound)
		} else if err != nil {
			w.WriteHeader(http.StatusBadGateway)
		}
		if err != nil {
			name, data = "message", object{"message": err.Error()}
		}
		if name != "" {
			_ = pages.ExecuteTemplate(w, name, data) // a browser that went away is its own affair
		}
	}
}

// front shows what there is to choose, and the stock.
func (s *shop) front(http.ResponseWriter, *http.Request) (string, object, error) {
	products, err := s.products()
	return "front", object{"products": products, "currency": s.currency}, err
}

func (s *shop) products() ([]object, error) {
	var catalogue struct{ Products []object }
	err := s.gateway.call(http.MethodGet, "/v1/catalogue", "", nil, &catalogue)
	return catalogue.Products, err
}

// order shows the form of a product, and hands its cart over. The key of the attempt is made with the form:
// sent twice, there is one order. What was refused gets a new key. The cart's id goes into a cookie of the
// buyer and onto no page: at its checkout somebody is signed in.
func (s *shop) order(w http.ResponseWriter, r *http.Request) (string, object, error) {
	products, err := s.products()
	i := slices.IndexFunc(products, func(p object) bool { return p["sku"] == r.PathValue("sku") })
	if err != nil || i < 0 || r.ParseForm() != nil {
		return "", nil, cmp.Or(err, errNone)
	}
	form := object{"product": products[i], "currency": s.currency, "given": r.PostForm, "attempt": rand.Text()}
	if r.Method != http.MethodPost {
		return "order", form, nil
	}
	var made struct{ ID string }
	err = s.gateway.call(http.MethodPost, "/v1/carts", r.PostFormValue("attempt"), s.request(r), &made)
	if refused, is := errors.AsType[*problem](err); is {
		form["refused"] = refused
		w.WriteHeader(http.StatusUnprocessableEntity)
		return "order", form, nil
	}
	if err == nil {
		http.SetCookie(w, &http.Cookie{Name: "cart", Value: made.ID, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
	}
	return "", nil, err
}

// request is the cart of a filled form, whose fields have the gateway's own names: so each fault finds its place.
func (s *shop) request(r *http.Request) object {
	client := object{}
	for _, name := range []string{"email", "first_name", "last_name", "phone", "address1", "postcode", "city", "state", "country"} {
		client[name] = r.PostFormValue("client." + name)
	}
	client["ip"], _, _ = net.SplitHostPort(r.RemoteAddr) // behind a proxy: the address that the proxy names
	item := object{"sku": r.PathValue("sku"), "cycle": r.PostFormValue("items[0].cycle"), "os_template": r.PostFormValue("items[0].os_template")}
	item["quantity"], _ = strconv.Atoi(r.PostFormValue("items[0].quantity"))
	return object{"reference": "example shop", "currency": s.currency, "client": client, "items": []object{item}}
}

// mine makes a call about the buyer's cart.
func (s *shop) mine(r *http.Request, method, more string, answer any) (id string, err error) {
	cookie, err := r.Cookie("cart")
	if err != nil {
		return "", errNone
	}
	return cookie.Value, s.gateway.call(method, "/v1/carts/"+url.PathEscape(cookie.Value)+more, "", nil, answer)
}

// cart shows it. live.js asks with a wait, and is answered when the cart has changed.
func (s *shop) cart(_ http.ResponseWriter, r *http.Request) (string, object, error) {
	more := ""
	if r.FormValue("wait") != "" {
		more = "?wait=2s"
	}
	cart := object{}
	id, err := s.mine(r, http.MethodGet, more, &cart)
	s.mu.Lock()
	defer s.mu.Unlock()
	return "cart", object{"cart": cart, "events": slices.Clone(s.events[id])}, err
}

// pay makes the address at the click, and leads there.
func (s *shop) pay(w http.ResponseWriter, r *http.Request) (string, object, error) {
	var checkout struct{ URL string }
	_, err := s.mine(r, http.MethodPost, "/checkout", &checkout)
	if err == nil {
		http.Redirect(w, r, checkout.URL, http.StatusSeeOther)
	}
	return "", nil, err
}

func (s *shop) cancel(w http.ResponseWriter, r *http.Request) (string, object, error) {
	_, err := s.mine(r, http.MethodDelete, "", &object{})
	if err == nil {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
	}
	return "", nil, err
}

// webhook takes an event once, if it is metalease's.
func (s *shop) webhook(w http.ResponseWriter, r *http.Request) {
	e := event{id: r.Header.Get(standardwebhooks.HeaderWebhookID)}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || s.verifier.Verify(body, r.Header) != nil {
		http.Error(w, "the signature is wrong", http.StatusUnauthorized)
		return
	}
	if json.Unmarshal(body, &e) != nil {
		http.Error(w, "no event", http.StatusBadRequest)
		return
	}
	cart, _ := cmp.Or(e.Data["cart_id"], e.Data["id"]).(string)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.events[cart], func(known event) bool { return known.id == e.id }) {
		s.events[cart] = append(s.events[cart], e)
	}
	w.WriteHeader(http.StatusNoContent)
}

// plain is a page that needs no backend: the script and the catalogue are the gateway's public ones.
func (s *shop) plain(w http.ResponseWriter, _ *http.Request) (string, object, error) {
	w.Header().Set("Content-Security-Policy", "default-src 'self' "+s.gateway.url+"; style-src 'self' 'unsafe-inline'; img-src data:")
	return "plain", object{"gateway": s.gateway.url, "currency": s.currency}, nil
}
