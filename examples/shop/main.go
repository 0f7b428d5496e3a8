// Command shop is a small shop in front of WHMCS's checkout: it shows what the gateway's catalogue has,
// hands a cart over, sends its buyer to WHMCS to pay, and shows the server being built. docs/shop.md
// tells the same step by step. What came by webhooks it keeps in memory; a real shop has a database for that.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	g := gateway{secret: os.Getenv("SHOP_SECRET")}
	listen := flag.String("listen", "127.0.0.1:8090", "address to listen on")
	flag.StringVar(&g.url, "gateway", "http://127.0.0.1:8080", "address of metalease's gateway, for this program and for browsers")
	flag.StringVar(&g.installation, "installation", "demo", "name of the WHMCS, as in metalease's configuration")
	flag.StringVar(&g.key, "key", "demo", "name of this shop, as in metalease's configuration; its secret is SHOP_SECRET in the environment")
	currency := flag.String("currency", "EUR", "what this shop sells in")
	flag.Parse()
	verifier, err := standardwebhooks.NewWebhook(os.Getenv("SHOP_WEBHOOK_SECRET"))
	if err != nil || os.Getenv("SHOP_WEBHOOK_SECRET") == "" || g.secret == "" {
		fmt.Fprintln(os.Stderr, "shop: SHOP_SECRET and SHOP_WEBHOOK_SECRET (whsec_ and base64) must be set")
		os.Exit(1)
	}
	s := &shop{gateway: g, currency: *currency, verifier: verifier, events: map[string][]event{}}
	server := &http.Server{Addr: *listen, Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintln(os.Stderr, "shop:", server.ListenAndServe())
	os.Exit(1)
}
