// Command shop is a small shop in front of WHMCS's checkout: it shows what the gateway's catalogue has,
// hands a cart over, sends its visitor to WHMCS to pay, and shows the server being built. docs/shop.md
// tells the same step by step.
//
// What it knows it keeps in memory: a restart forgets whose cart is whose. A real shop has a database for
// that, and knows its visitors.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"metalease/internal/signing"
)

func main() {
	g := &gateway{secret: os.Getenv("SHOP_SECRET")}
	listen := flag.String("listen", "127.0.0.1:8090", "address to listen on")
	flag.StringVar(&g.url, "gateway", "http://127.0.0.1:8080", "address of metalease's gateway, for this program and for browsers")
	flag.StringVar(&g.installation, "installation", "demo", "name of the WHMCS, as in metalease's configuration")
	flag.StringVar(&g.key, "key", "demo", "name of this shop, as in metalease's configuration; its secret is SHOP_SECRET in the environment")
	currency := flag.String("currency", "EUR", "what this shop sells in")
	flag.Parse()
	s, err := newShop(g, *currency, os.Getenv("SHOP_WEBHOOK_SECRET"))
	if err == nil {
		server := &http.Server{Addr: *listen, Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
		err = server.ListenAndServe()
	}
	fmt.Fprintln(os.Stderr, "shop:", err)
	os.Exit(1)
}

// gateway makes signed calls.
type gateway struct{ url, installation, key, secret string }

// problem is an error as the gateway sends it (RFC 9457), with what is wrong of each field, such as
// client.email or items[0].cycle.
type problem struct {
	Type, Title, Detail string
	Errors              []fault
}

type fault struct{ Field, Reason string }

// Error is the problem in the gateway's words.
func (p *problem) Error() string { return p.Title + ": " + p.Detail }

// call makes one call. Two that are the same within a second have the same signature, and the gateway takes
// the second for a copy: it is signed again, as of a second before.
func (g *gateway) call(ctx context.Context, method, path, idempotency string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body) // our own maps always have a JSON
	}
	for back := time.Duration(0); ; back += time.Second {
		req, err := http.NewRequestWithContext(ctx, method, g.url+path, bytes.NewReader(text))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", idempotency)
		req.Header.Set(signing.HeaderKey, g.key)
		signing.Sign(req, text, g.installation, g.secret, time.Now().Add(-back))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return fmt.Errorf("the gateway does not answer: %w", err)
		}
		said, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		if resp.StatusCode < http.StatusMultipleChoices {
			return json.Unmarshal(said, answer)
		}
		refused := &problem{Title: "the gateway answers " + resp.Status}
		_ = json.Unmarshal(said, refused) // what is no JSON comes from a proxy
		if refused.Type != "/problems/replayed" || back > 5*time.Second {
			return refused
		}
	}
}
