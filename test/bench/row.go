package main

import (
	"fmt"
	"time"
)

// row is one thing to measure.
type row struct {
	Name   string
	Orders int
	// Servers are those of the panel. The first Standing of them belong to the API account, as servers in quarantine do.
	Servers, Standing int
	Install           time.Duration
	// Defaults keeps the settings that a host gets by default; else limits are lifted and waits are short.
	Defaults bool
	// Module measures a model of the module that metalease replaces, not metalease.
	Module bool
	// ByName rows take minutes, so they run only when they are named.
	ByName bool
}

// rows are all that can be measured.
var rows = []row{
	{Name: "orders-1", Orders: 1, Servers: 60, Install: time.Second},
	{Name: "orders-10", Orders: 10, Servers: 60, Install: time.Second},
	{Name: "orders-50", Orders: 50, Servers: 60, Install: time.Second},
	{Name: "orders-200", Orders: 200, Servers: 2000, Install: time.Second, ByName: true},
	{Name: "orders-500", Orders: 500, Servers: 2000, Install: time.Second, ByName: true},
	{Name: "polite-50", Orders: 50, Servers: 60, Install: time.Second, Defaults: true, ByName: true},
	{Name: "installs-1", Orders: 1, Servers: 500, Standing: 30, Install: time.Minute, Defaults: true, ByName: true},
	{Name: "installs-10", Orders: 10, Servers: 500, Standing: 30, Install: time.Minute, Defaults: true, ByName: true},
	{Name: "installs-50", Orders: 50, Servers: 500, Standing: 30, Install: time.Minute, Defaults: true, ByName: true},
	{Name: "module-1", Orders: 1, Servers: 500, Standing: 30, Install: time.Minute, Module: true, ByName: true},
	{Name: "module-10", Orders: 10, Servers: 500, Standing: 30, Install: time.Minute, Module: true, ByName: true},
	{Name: "module-50", Orders: 50, Servers: 500, Standing: 30, Install: time.Minute, Module: true, ByName: true},
}

// what says in words what is measured.
func (r row) what() string {
	text := fmt.Sprintf("%d orders of different clients at once, %d servers, installs of %s", r.Orders, r.Servers, r.Install)
	if r.Standing > 0 {
		text += fmt.Sprintf(", %d servers in quarantine", r.Standing)
	}
	switch {
	case r.Module:
		return text + ", by a model of ISPsystem's module"
	case r.Defaults:
		return text + ", default settings"
	}
	return text + ", limits lifted"
}

// config is the rest of the configuration file.
func (r row) config() string {
	if r.Defaults {
		return "log: {format: console, level: info}\n"
	}
	return "timing: {tick: 1s, follow_delay: 1s, install_settle: 5s}\nlog: {format: console, level: info}\n"
}

// panelFlags make the panel as slow as the row says.
func (r row) panelFlags() []string {
	flags := []string{"--servers", fmt.Sprint(r.Servers), "--packages", "E3-16G", "--install-time", r.Install.String()}
	if r.Defaults || r.Module {
		return append(flags, "--power-time", "2s", "--flag-delay", "500ms")
	}
	return append(flags, "--power-time", "100ms", "--flag-delay", "100ms")
}
