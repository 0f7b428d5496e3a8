package simulator

// function is one of the panel's; auth is not among them, it needs no login.
type function struct {
	run       func(*call) (*node, error)
	adminOnly bool
	// touches is true when it changes something without saving a form.
	touches bool
}

// functions by name (docs/dcimanager.md 3). What docs/dcimanager.md names without
// fields answers with an empty list.
var functions map[string]function

func init() { // a plain initialiser would be a cycle: call.run looks in here
	admin := func(run func(*call) (*node, error)) function { return function{run: run, adminOnly: true} }
	anyone := func(run func(*call) (*node, error)) function { return function{run: run} }
	touches := func(run func(*call) (*node, error)) function { return function{run: run, touches: true} }
	functions = map[string]function{
		"session.newkey": admin(newKey),
		"user":           admin(listUsers),
		"user.edit":      admin(editUser),
		"user.delete":    admin(deleteUser),

		"server":            anyone(listServers),
		"server.edit":       anyone(editServer),
		"server.enable":     admin(enable),
		"server.disable":    admin(disable),
		"server.poweron":    touches(powerOn),
		"server.poweroff":   touches(powerOff),
		"server.reboot":     touches(reboot),
		"server.operations": anyone(operations),
		"server.opercancel": touches(cancelOperation),

		"iplist":        anyone(listAddresses),
		"iplist.edit":   anyone(editAddress),
		"iplist.delete": admin(deleteAddress),

		"server.connection":                anyone(listConnections),
		"server.connection.edit":           anyone(editConnection),
		"server.connection.on":             admin(connectionOn),
		"server.connection.off":            admin(connectionOff),
		"server.connection.autocreateipmi": admin(createIPMI),

		"trafficburstable":     anyone(burstable),
		"trafficburstable_pie": anyone(traffic),
		"traffic":              anyone(traffic),
		"trafficpie":           anyone(trafficPie),
		"currentdetails":       anyone(currentDetails),

		"osmgr":               anyone(listTemplates),
		"chassistempl":        admin(listChassis),
		"rack":                admin(listRacks),
		"pdu":                 admin(listPDUs),
		"pdu.port":            admin(listPDUPorts),
		"pdu.on":              admin(outletOn),
		"pdu.off":             admin(outletOff),
		"switch":              admin(listSwitches),
		"switch.port":         admin(listSwitchPorts),
		"switch.port.on":      admin(switchPortOn),
		"switch.port.off":     admin(switchPortOff),
		"switch.port.refresh": admin(refreshSwitchPort),
		"ipmiredirect":        touches(redirectToIPMI),

		"sshpubkey":             anyone(emptyList),
		"sshpubkey.edit":        anyone(nothing),
		"new_net":               admin(emptyList),
		"purchases":             admin(emptyList),
		"osinstall.afterscript": anyone(emptyList),
	}
}

func emptyList(*call) (*node, error) { return list(), nil }

func nothing(*call) (*node, error) { return done(), nil }
