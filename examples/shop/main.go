// Command shop is a small shop in front of WHMCS's checkout: it shows what the gateway's catalogue has,
// hands a cart over, sends its visitor to WHMCS to pay, and shows the server being built. docs/shop.md
// tells the same step by step.
//
// It keeps what it knows in memory: a restart forgets whose cart is whose. A real shop has a database
// for that, and knows its visitors.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	var g gateway
	listen := flag.String("listen", "127.0.0.1:8090", "address to listen on")
	flag.StringVar(&g.url, "gateway", "http://127.0.0.1:8080", "address of metalease's gateway, for this program and for browsers")
	flag.StringVar(&g.installation, "installation", "demo", "name of the WHMCS, as in metalease's configuration")
	flag.StringVar(&g.key, "key", "demo", "name of this shop, as in metalease's configuration; its secret is SHOP_SECRET in the environment")
	currency := flag.String("currency", "EUR", "what this shop sells in")
	flag.Parse()
	g.secret = os.Getenv("SHOP_SECRET")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *listen, *currency, &g); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// run serves the shop until the context ends.
func run(ctx context.Context, listen, currency string, g *gateway) error {
	s, err := newShop(g, currency, "http://"+listen, os.Getenv("SHOP_WEBHOOK_SECRET"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Println("shop: listening on http://" + listener.Addr().String() + "/")
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(last); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close() // a page that is still waiting for news asks again
}
