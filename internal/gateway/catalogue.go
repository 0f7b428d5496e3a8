package gateway

import (
	_ "embed"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"metalease/internal/storefront"
	"metalease/workflows/api"
)

// Link is the answer of a link into WHMCS's cart.
type Link struct {
	URL string `json:"url"`
}

var linkParameters = []parameter{
	textOf("cycle", "The billing cycle; absent when the product has one only."),
	textOf("currency", "A currency code; absent for WHMCS's own."),
	textOf("os_template", "The operating system to be chosen."),
	textOf("promo_code", "A promotion code."),
}

var catalogueRoutes = []route{
	{
		method: http.MethodGet, pattern: "/v1/catalogue", id: "getCatalogue", tag: "catalogue", shops: true,
		summary:  "Show what shops may sell",
		text:     "Answered from one reading that everybody shares: prices are up to a minute old, the stock some seconds. A stock that nobody can vouch for is null, which is not zero. The header ETag names the content.",
		answers:  []answerType{{http.StatusOK, "The products.", storefront.Catalogue{}}, {http.StatusNotModified, "The header If-None-Match names this content.", nil}},
		problems: []kind{whmcsFailed},
		handle:   (*gateway).catalogue,
	},
	{
		method: http.MethodGet, pattern: "/v1/catalogue/{product}/link", id: "linkProduct", tag: "catalogue", shops: true,
		summary:  "Make a link that puts a product into a visitor's cart in WHMCS",
		text:     "What WHMCS would ignore is refused. A link chooses; WHMCS computes the price, and no stock is held.",
		query:    linkParameters,
		answers:  []answerType{{http.StatusOK, "The address.", Link{}}},
		problems: []kind{unknownProduct, whmcsFailed},
		handle:   (*gateway).link,
	},
	{
		method: http.MethodGet, pattern: "/public/catalogue", id: "getPublicCatalogue", tag: "catalogue",
		summary:  "Show what shops may sell, to pages without a backend",
		text:     "Off unless catalogue.public is true; for the origins of the configuration, and limited by the caller's address.",
		answers:  []answerType{{http.StatusOK, "The products.", storefront.Catalogue{}}, {http.StatusNotModified, "The header If-None-Match names this content.", nil}},
		problems: []kind{unknownPath, tooOften, whmcsFailed},
		open:     func(g *gateway) http.HandlerFunc { return g.public(g.publicCatalogue) },
	},
	{
		method: http.MethodGet, pattern: "/public/catalogue/{product}/link", id: "linkPublicProduct", tag: "catalogue",
		summary:  "Send a visitor's browser to WHMCS's cart with a product in it",
		answers:  []answerType{{http.StatusFound, "To the cart.", nil}},
		query:    linkParameters,
		problems: []kind{unknownPath, tooOften, unknownProduct, invalidParameter, whmcsFailed},
		open:     func(g *gateway) http.HandlerFunc { return g.public(g.publicLink) },
	},
	{
		method: http.MethodGet, pattern: "/public/shop.js", id: "getShopScript", tag: "catalogue",
		summary:  "The script that shows stock, price and a button on a page",
		answers:  []answerType{{http.StatusOK, "JavaScript.", script("")}},
		problems: []kind{unknownPath, tooOften},
		open: func(g *gateway) http.HandlerFunc {
			return g.public(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
				w.Header().Set("Cache-Control", "public, max-age=3600")
				_, _ = w.Write(shopScript) // a caller that went away is its own affair
			})
		},
	},
}

// script is an answer that is JavaScript.
type script string

//go:embed shop.js
var shopScript []byte

func (g *gateway) catalogue(c call) (reply, error) {
	catalogue, tag, err := g.Store.Catalogue(c.Context())
	if err != nil {
		return reply{}, err
	}
	if matches(c.Request, tag) {
		return reply{status: http.StatusNotModified, etag: tag}, nil
	}
	return reply{status: http.StatusOK, body: catalogue, etag: tag}, nil
}

// matches tells whether a caller has this content already (RFC 9110, 13.1.2).
func matches(r *http.Request, tag string) bool {
	for candidate := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/"); candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}

func (g *gateway) link(c call) (reply, error) {
	address, err := g.Store.Link(c.Context(), wish(c.PathValue("product"), c.query))
	if refused, is := errors.AsType[*storefront.Refused](err); is {
		return reply{}, parameters(api.FieldError{Field: refused.Field, Reason: refused.Reason})
	}
	return reply{status: http.StatusOK, body: Link{address}}, err
}

func wish(product string, q query) storefront.Wish {
	text := func(name string) string { return value[string](q, name) }
	return storefront.Wish{Product: product, Cycle: text("cycle"), Currency: text("currency"), OSTemplate: text("os_template"), PromoCode: text("promo_code")}
}

// public lets a call through that needs no signature: where the configuration says so, for pages of the
// configured origins, and not too often.
func (g *gateway) public(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !g.Public.Public || g.Store == nil {
			unknownPath.because("").write(w)
			return
		}
		w.Header().Set("Vary", "Origin")
		if origin := r.Header.Get("Origin"); slices.Contains(g.Public.Origins, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		if wait := g.visitors.wait(visitor(r), g.Public.Rate, max(1, int(2*g.Public.Rate)), g.Now()); wait > 0 {
			refused := tooOften.because("")
			refused.after = wait
			refused.write(w)
			return
		}
		next(w, r)
	}
}

func (g *gateway) publicCatalogue(w http.ResponseWriter, r *http.Request) {
	catalogue, tag, err := g.Store.Catalogue(r.Context())
	if err != nil {
		g.fail(w, r, err)
		return
	}
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache")
	if matches(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(catalogue) // a caller that went away is its own affair
}

func (g *gateway) publicLink(w http.ResponseWriter, r *http.Request) {
	q, faults := readQuery(r.URL.RawQuery, linkParameters)
	if len(faults) > 0 {
		parameters(faults...).write(w)
		return
	}
	address, err := g.Store.Link(r.Context(), wish(r.PathValue("product"), q))
	if refused, is := errors.AsType[*storefront.Refused](err); is {
		parameters(api.FieldError{Field: refused.Field, Reason: refused.Reason}).write(w)
		return
	}
	if err != nil {
		g.fail(w, r, err)
		return
	}
	if _, err := url.Parse(address); err == nil {
		http.Redirect(w, r, address, http.StatusFound)
	}
}

// visitor is the address of a caller. Behind a proxy all are one: the proxy limits then.
func visitor(r *http.Request) string {
	if address, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return address
	}
	return r.RemoteAddr
}

// productParameter is a product in a path.
func productParameter() parameter {
	p := textOf("product", "The product's id in WHMCS, or its SKU in the configuration, such as "+strconv.Itoa(1)+" or e3-64g.")
	p.required = true
	return p
}
