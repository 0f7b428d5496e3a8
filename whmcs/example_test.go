package whmcs_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"

	"metalease/internal/secret"
	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// serve runs a WHMCS with one order, and a client of it.
func serve() (client *whmcs.Client, serviceID int, closeAll func()) {
	billing, err := simulator.New(simulator.Config{Identifier: "an-identifier", Secret: "a-secret-of-whmcs"})
	if err != nil {
		panic(err)
	}
	placed, err := billing.PlaceOrder(simulator.Order{Domain: "db1.example.com", Unpaid: true})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(billing)
	client, err = whmcs.New(whmcs.Config{URL: server.URL, Identifier: "an-identifier", Secret: "a-secret-of-whmcs"})
	if err != nil {
		panic(err)
	}
	return client, placed.Services[0].ServiceID, server.Close
}

func ExampleClient_Service() {
	client, id, closeAll := serve()
	defer closeAll()

	service, err := client.Service(context.Background(), id)
	fmt.Println(service.Status, service.Domain, service.Password, err)
	// Output: Pending db1.example.com [secret] <nil>
}

func ExampleClient_UpdateService() {
	client, id, closeAll := serve()
	defer closeAll()

	ip, password := "192.0.2.5", secret.New("n3w&pass")
	err := client.UpdateService(context.Background(), id, whmcs.ServiceUpdate{DedicatedIP: &ip, Password: &password, Unset: []string{"notes"}})
	service, _ := client.Service(context.Background(), id)
	fmt.Println(service.DedicatedIP, service.Password.Reveal(), err)
	// Output: 192.0.2.5 n3w&pass <nil>
}

// Nothing in the API is idempotent: the status is read before a module function runs.
func ExampleClient_ModuleCreate() {
	client, id, closeAll := serve()
	defer closeAll()

	ctx := context.Background()
	if service, err := client.Service(ctx, id); err == nil && service.Status == whmcs.StatusPending {
		fmt.Println(client.ModuleCreate(ctx, id))
	}
	service, _ := client.Service(ctx, id)
	fmt.Println(service.Status)
	// Output:
	// <nil>
	// Active
}

func ExampleError() {
	client, _, closeAll := serve()
	defer closeAll()

	_, err := client.Service(context.Background(), 999)
	fmt.Println(err)
	fmt.Println(errors.Is(err, whmcs.ErrNotFound), whmcs.KindOf(err).Properties().Retryable)
	// Output:
	// WHMCS, GetClientsProducts: there is no service 999
	// true false
}
