package main

import (
	"context"
	"fmt"
	"time"
)

// row is one thing to measure: a set of processes, and what is done with it.
type row struct {
	Name string
	// Count is how many orders, or open services, it is about; --count changes it.
	Count int
	// Within bounds the time for starting open services; 0 does not.
	Within time.Duration
	// Servers are those of the panel. The first Standing of them belong to the API account, as servers in quarantine do.
	Servers, Standing int
	// Package is that of the servers; orders ask for [soldPackage].
	Package string
	Install time.Duration
	// Known is how many orders of the same template were built before, so that the worker knows how long an install takes.
	Known int
	// Defaults keeps the settings that a host gets by default; else limits are lifted and waits are short.
	Defaults bool
	// File keeps the data of the development server in a file.
	File bool
	// Store is what --store chose.
	Store store
	// ByName rows take minutes, so they run only when they are named, or all are.
	ByName bool
	// What says what is done; run does it.
	What string
	run  func(context.Context, bench, row) (result, error)
}

// soldPackage is what orders ask for.
const soldPackage = "E3-16G"

// rows are all that can be measured.
var rows = []row{
	{Name: "orders-1", Count: 1, Servers: 10, Install: time.Second, What: ordersAtOnce, run: product},
	{Name: "orders-10", Count: 10, Servers: 100, Install: time.Second, What: ordersAtOnce, run: product},
	{Name: "orders-50", Count: 50, Servers: 500, Install: time.Second, What: ordersAtOnce, run: product},
	{Name: "orders-200", Count: 200, Servers: 2000, Install: time.Second, ByName: true, What: ordersAtOnce, run: product},
	{Name: "orders-500", Count: 500, Servers: 5000, Install: time.Second, ByName: true, What: ordersAtOnce, run: product},
	{Name: "polite-1", Count: 1, Servers: 10, Install: time.Second, Defaults: true, ByName: true, What: ordersAtOnce, run: product},
	{Name: "polite-50", Count: 50, Servers: 500, Install: time.Second, Defaults: true, ByName: true, What: ordersAtOnce, run: product},
	{Name: "polite-200", Count: 200, Servers: 2000, Install: time.Second, Defaults: true, ByName: true, What: ordersAtOnce, run: product},
	{Name: "polite-500", Count: 500, Servers: 5000, Install: time.Second, Defaults: true, ByName: true, What: ordersAtOnce, run: product},
	{Name: "flight-200", Count: 200, Servers: 2000, Install: 2 * time.Minute, ByName: true, What: ordersAtOnce, run: product},
	{Name: "installs-1", Count: 1, Servers: 500, Standing: 30, Known: 1, Install: time.Minute, Defaults: true, ByName: true, What: ordersAtOnce, run: againstModule},
	{Name: "installs-10", Count: 10, Servers: 500, Standing: 30, Known: 1, Install: time.Minute, Defaults: true, ByName: true, What: ordersAtOnce, run: againstModule},
	{Name: "installs-50", Count: 50, Servers: 500, Standing: 30, Known: 1, Install: time.Minute, Defaults: true, ByName: true, What: ordersAtOnce, run: againstModule},
	{Name: "module-10", Count: 10, Servers: 500, Standing: 30, Install: time.Minute, ByName: true, What: ordersAtOnce + ", by a model of ISPsystem's module", run: module},
	{Name: "expire-200", Count: 200, Servers: 2000, Install: time.Second, ByName: true, What: "signed calls that expire a service, alone and while so many orders are built", run: expire},
	{Name: "status-200", Count: 200, Servers: 2000, Install: time.Second, ByName: true, What: "signed calls that read a status, alone and while so many orders are built", run: readers},
	{Name: "claims-2000", Count: 500, Servers: 2000, Package: "other", Install: time.Second, ByName: true, What: "so many orders wait; then as many servers become theirs", run: claims},
	{Name: "claims-20000", Count: 500, Servers: 20000, Package: "other", Install: time.Second, ByName: true, What: "so many orders wait; then as many servers become theirs", run: claims},
	{Name: "block-1000", Count: 1000, Servers: 1100, Install: time.Second, ByName: true, What: "so many services are blocked, one after another, by one billing run", run: billingRun},
	{Name: "workers-50", Count: 50, Servers: 500, Install: time.Second, ByName: true, What: ordersAtOnce + ", with two workers and with one", run: twoWorkers},
	{Name: "idle-100", Count: 100, Servers: 10, Install: time.Second, File: true, What: openServices, run: idle},
	{Name: "idle-10000", Count: 10_000, Servers: 10, Install: time.Second, File: true, ByName: true, What: openServices, run: idle},
	{Name: "idle-100000", Count: 100_000, Servers: 10, Install: time.Second, File: true, ByName: true, What: openServices, run: idle},
}

const (
	ordersAtOnce = "orders of different clients at once"
	openServices = "open services in which nothing happens"
)

// what says in words what is measured.
func (r row) what() string {
	text := fmt.Sprintf("%d: %s; %d servers, installs of %s", r.Count, r.What, r.Servers, r.Install)
	if r.Standing > 0 {
		text += fmt.Sprintf(", %d servers in quarantine", r.Standing)
	}
	if r.Known > 0 {
		text += fmt.Sprintf(", %d built before", r.Known)
	}
	if r.Store.Name == postgresStore {
		text += ", Temporal on PostgreSQL"
	} else if r.File {
		text += ", Temporal's data in a file"
	}
	if r.Defaults {
		return text + ", default settings"
	}
	return text + ", limits lifted"
}

// tick is the pause between two shared lists of the panel.
func (r row) tick() time.Duration {
	if r.Defaults {
		return 2 * time.Second
	}
	return time.Second
}

// knownInstall is the longest install that the default install_timeout of twelve minutes is enough for, with time to spare.
const knownInstall = 10 * time.Minute

// config is the rest of the configuration file.
func (r row) config() string {
	if r.Defaults {
		text := "log: {format: console, level: info}\n"
		if r.Install > knownInstall { // as a host does whose servers take so long: each order would wait for a person else
			text += fmt.Sprintf("defaults: {install_timeout: %s}\n", 2*r.Install)
		}
		return text
	}
	return fmt.Sprintf("timing: {tick: %s, follow_delay: 1s, install_settle: 5s}\nlog: {format: console, level: info}\n", r.tick())
}

// flagDelay is how long the panel takes to show what it has done.
func (r row) flagDelay() time.Duration {
	if r.Defaults {
		return 500 * time.Millisecond
	}
	return 100 * time.Millisecond
}

// panelFlags make the panel as slow as the row says.
func (r row) panelFlags() []string {
	sold := soldPackage
	if r.Package != "" {
		sold = r.Package
	}
	flags := []string{"--servers", fmt.Sprint(r.Servers), "--packages", sold, "--install-time", r.Install.String(), "--flag-delay", r.flagDelay().String()}
	if r.Defaults {
		return append(flags, "--power-time", "2s")
	}
	return append(flags, "--power-time", "100ms")
}

// temporalFlags make the development server keep its data where the row wants it.
func (r row) temporalFlags(dir string) []string {
	if !r.File {
		return nil
	}
	return []string{"--db-filename", database(dir), "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=1"}
}

// patience is how long all of it may take: at ten requests a second an order takes three.
func (r row) patience() time.Duration {
	return 10*time.Minute + 2*r.Install + 4*time.Duration(r.Count)*time.Second
}
