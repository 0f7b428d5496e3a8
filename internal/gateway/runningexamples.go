package gateway

import "metalease/workflows/api"

// object is JSON as it is sent.
type object = map[string]any

var (
	aClient = object{"kind": "client", "name": "jane@example.com"}
	someone = object{"kind": "staff", "name": "admin"}
)

// signalExamples are bodies as they may be sent, by signal.
var signalExamples = map[string]any{
	api.SignalPower:     object{"event_id": "9b1deb4d3b7d4bad", "action": "reboot", "actor": aClient},
	api.SignalReinstall: object{"event_id": "2c5ea4c0f41b4d1e", "os_template": "ISPsystem__Debian-12-x86_64", "confirm": "s101.example.com", "actor": aClient},
	api.SignalNetwork:   object{"event_id": "7d444840c4a04bd2", "state": "off", "reason": "attacked", "actor": someone},
	api.SignalAddresses: object{"event_id": "3f2504e04f8911d3", "ipv4": 4, "domains": object{"192.0.2.7": "mail.example.com"}, "actor": someone},
}

var (
	signOnSent = object{"event_id": "f47ac10b58cc4372", "target": "panel", "actor": aClient}
	signOnTold = object{"url": "https://panel.example.com/dcimgr", "fields": object{"func": "auth", "username": "c7", "key": "..."}, "expires_at": "2026-11-26T12:01:00Z"}
	factsTold  = object{
		"server_id": "5", "label": "R1-U5", "mac": "52:54:00:12:34:56", "rack": "R1", "power": "on", "ipmi_ip": "192.0.2.205", "operation": nil, "blocked": false,
		"ports": []any{object{"switch": "sw1", "port": "ge-0/0/5", "state": "on"}}, "as_of": "2026-11-26T12:00:00Z",
	}
	usageTold      = object{"from": "2026-11-01T00:00:00Z", "to": "2026-11-26T12:00:00Z", "in_bytes": nil, "out_bytes": nil, "p95_mbit": 12.5, "complete": true}
	panelUsageTold = object{"services": []any{
		object{"service_id": 101, "server_id": "5", "from": "2026-11-01T00:00:00Z", "to": "2026-11-26T12:00:00Z", "in_bytes": nil, "out_bytes": nil, "p95_mbit": 12.5, "complete": true},
		object{"service_id": 102, "server_id": "6", "from": "2026-11-09T08:30:00Z", "to": "2026-11-26T12:00:00Z", "in_bytes": nil, "out_bytes": nil, "p95_mbit": nil, "complete": false},
	}}
)
