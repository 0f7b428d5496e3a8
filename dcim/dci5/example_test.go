package dci5_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http/httptest"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/simulator"
	"metalease/internal/lanes"
)

// examplePanel is a panel of two servers, and a client of it.
func examplePanel() (client *dci5.Client, closePanel func()) {
	panel, err := simulator.New(simulator.Config{Servers: 2, Packages: []string{"E3-16G"}})
	if err != nil {
		panic(err)
	}
	server := httptest.NewTLSServer(panel)
	sum := sha256.Sum256(server.Certificate().Raw)
	client, err = dci5.New(dci5.Config{
		Name: "fra1", URL: server.URL, User: "whmcsapi", Password: "secret", Fingerprint: hex.EncodeToString(sum[:]),
	})
	if err != nil {
		panic(err)
	}
	return client, func() {
		server.Close()
		panel.Close()
	}
}

// The first server that can be sold.
func ExampleClient_Servers() {
	client, closePanel := examplePanel()
	defer closePanel()

	servers, err := client.Servers(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, server := range servers {
		if server.Free() && server.Matches("E3-16G") {
			fmt.Println("server", server.ID, "is free:", server.Hostname)
			break
		}
	}
	// Output: server 1 is free: free.ds
}

// A server is taken in one turn, and only if nobody has it.
func ExampleClient_Update() {
	client, closePanel := examplePanel()
	defer closePanel()
	ctx := context.Background()

	api, err := client.Self(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	take := func(have dcim.Record) (dcim.Change, error) {
		if have.Owner != "" {
			return dcim.Change{}, errors.New("server " + have.ID + " is somebody's")
		}
		return dcim.Assign(api, "held for the order of today"), nil
	}
	fmt.Println(client.Update(ctx, "1", take))
	fmt.Println(client.Update(ctx, "1", take))
	record, err := client.Record(ctx, "1")
	fmt.Println(api.Owns(record.Owner), record.Notes, err)
	// Output:
	// <nil>
	// server 1 is somebody's
	// true held for the order of today <nil>
}

// Errors tell what can be done about them.
func ExampleClient_Block() {
	client, closePanel := examplePanel()
	defer closePanel()

	err := client.Block(lanes.Urgent(context.Background()), "99")
	fmt.Println(errors.Is(err, dcim.ErrMissed), dcim.Refused(err), dcim.Uncertain(err))
	fmt.Println(err)
	// Output:
	// true true false
	// panel fra1, server.disable of 99: missed: The object 'elid' with value '99' is not found (elid "99")
}
