package profile

var forms = []Fact{
	{ID: "owner-in-form", Line: "U11", Section: "3.3", Question: "an owner in the form of a server", Expected: "id", Told: ByDrill, Values: []Value{
		{"id", "the owner's id", "false"}, {"name", "the owner's name", "true"},
	}, Switch: "form-owner-as-name", Client: "both count; another one than seen is trouble"},
	{ID: "form-type", Line: "U13", Section: "3.3", Question: "the type in the form of a server", Expected: "other", Told: ByCheck, Unless: "no form could be read", Values: []Value{
		{"other", "another value than the list's", "false"}, {"text", "the text of the list", "true"},
	}, Switch: "form-type-as-text", Client: "sent back as it was read"},
	{ID: "notes-limit", Line: "U14", Section: "3.3", Question: "notes are cut at, in characters", Expected: "none", Told: ByDrill, Unless: "it is above 2000",
		Means: "a mark and what staff write beside it need some 250", Switch: "notes-limit", Client: "a save over it is refused before it is sent"},
	{ID: "notes-newline", Line: "U14", Section: "3.3", Question: "a line break in notes is stored as", Expected: "LF", Told: ByDrill, Values: []Value{
		{"LF", "as it was sent", "false"}, {"CR LF", "marks are found all the same", "true"}, {"changed", "a mark below other text is not found: keep the notes of servers empty", ""},
	}, Switch: "notes-crlf", Client: "both end a line"},
}

var operations = []Fact{
	{ID: "blocked-power-off", Line: "U16", Section: "3.4", Question: "a blocked server is powered off", Expected: "yes", Told: ByDrill, Values: []Value{
		{"yes", "a release ends by itself", "false"},
		{"refused", "a release cannot be proved to be off while blocked: such servers go to quarantine, still blocked, for a person", "true"},
	}, Switch: "disabled-refuses-power-off", Client: "a refusal is the panel's"},
	{ID: "blocked-power-on", Line: "U16", Section: "3.4", Question: "a blocked server is powered on", Expected: "yes", Told: ByDrill, Values: []Value{
		{"yes", "not needed: it is unblocked before", "false"}, {"refused", "not needed: it is unblocked before", "true"},
	}, Switch: "disabled-refuses-power-on", Client: "a server is unblocked before it is switched on"},
	{ID: "blocked-install", Line: "U16", Section: "3.4", Question: "a blocked server is installed", Expected: "yes", Told: ByInstall, Values: []Value{
		{"yes", "not needed: it is unblocked before", "false"}, {"refused", "not needed: it is unblocked before", "true"},
	}, Switch: "disabled-refuses-install", Client: "a server is unblocked before an install"},
	{ID: "cancel-idle", Line: "U19", Section: "3.6", Question: "a cancel where nothing runs", Expected: "accepted", Told: ByDrill, Values: []Value{
		{"accepted", "does nothing", "false"}, {"refused", "read as: nothing runs", "true"},
	}, Switch: "cancel-needs-operation", Client: "either means that nothing runs"},
	{ID: "second-install", Line: "U19", Section: "3.6", Question: "an install while another one runs", Expected: "refused", Told: ByInstall, Values: []Value{
		{"refused", "two installs never run together", "false"}, {"accepted", "the newest counts: staff should not start one by hand meanwhile", "true"},
	}, Switch: "install-while-installing", Client: "none is asked for while one runs"},
	{ID: "template-shown", Line: "U19", Section: "3.6", Question: "the new template is shown", Expected: "when done", Told: ByInstall, Unless: "the server has that template already", Values: []Value{
		{"when done", "it proves that an install has ended", "false"}, {"at once", "it proves nothing about an install that runs", "true"},
	}, Switch: "template-on-accept", Client: "an install counts only when it was seen to begin"},
	{ID: "cancel-leaves", Line: "U19", Section: "3.6", Question: "a cancelled install leaves", Expected: "nothing", Told: ByInstall, Values: []Value{
		{"nothing", "no flag", "false"}, {"operation_failed", "the flag of a failed operation, which does not count for the next one", "true"},
	}, Switch: "cancel-means-failed", Client: "an old failure does not count"},
	{ID: "failure-clears", Line: "U19", Section: "3.6", Question: "operation_failed goes with a new install", Expected: "when it begins", Told: ByInstall,
		Unless: "no failure was left before, or both come at once", Values: []Value{
			{"when it begins", "between the two an old failure is still shown", "false"}, {"when accepted", "an old failure is never mistaken for a new one", "true"},
		}, Switch: "clear-failure-on-accept", Client: "a failure from before is remembered, and does not count"},
}

var addresses = []Fact{
	{ID: "hostname-is-domain", Line: "U25", Section: "5", Question: "the host name is the domain of the main address", Expected: "yes", Told: ByDrill,
		Values: []Value{{"yes", "a server can be named, and is free again after a release", ""}, {"no", "a release cannot make a server free again: do not go on, and report this", ""}}, Client: "the main address is named and never deleted"},
	{ID: "hostname-case", Line: "U25", Section: "5", Question: "a host name is stored", Expected: "as sent", Told: ByDrill, Values: []Value{
		{"as sent", "", "false"}, {"in lower case", "names are compared as names", "true"},
	}, Switch: "lower-case-domains", Client: "names are compared as names"},
	{ID: "ipv6-spelling", Line: "U26", Section: "5", Question: "an IPv6 address in list and answer", Expected: "same", Told: ByDrill, Unless: "no IPv6 address is left in the pool", Values: []Value{
		{"same", "", "false"}, {"differs", "addresses are compared as addresses", "true"},
	}, Switch: "long-ipv6", Client: "addresses are compared as addresses"},
	{ID: "pool-error-type", Line: "U8", Section: "3.7", Question: "type of the error of an empty address pool", Expected: "limit", Told: ByDrill, Unless: "the pool is not empty",
		Means: "an order that wants more addresses than there are is a person's business either way", Switch: "pool-error-type", Client: "limit is an empty pool, another type the panel's refusal"},
}

var browsers = []Fact{
	{ID: "key-reuse", Line: "U5", Section: "2.3", Question: "a login key works", Expected: "once", Told: ByDrill, Values: []Value{
		{"once", "", "false"}, {"several times", "whoever sees one may use it until it ends", "true"},
	}, Switch: "reusable-keys", Client: "each is used once"},
	{ID: "browser-cookie", Line: "U32", Section: "2.3", Question: "a browser without a cookie signs in by key", Expected: "with checkcookie=no", Told: ByDrill, Unless: "the panel sets no session cookie either way", Values: []Value{
		{"with checkcookie=no", "as it is asked to", "false"}, {"always", "", "true"},
	}, Switch: "no-cookie-check", Client: "checkcookie=no is always sent"},
	{ID: "console", Line: "U31", Section: "3.10", Question: "what ipmiredirect answers", Expected: "session", Told: ByDrill, Unless: "the server has no IPMI", Values: []Value{
		{"session", "an address with the session in its query, which is posted instead", "session"}, {"cookie", "an address without a session: the browser has to be signed in", "cookie"},
		{"relative", "a path with the session in its query, which is posted instead", "relative"}, {"path", "an address with the session in its path: consoles cannot be opened from WHMCS", "path"},
		{"foreign", "the address of the IPMI itself", "foreign"}, {"none", "no address: the browser asks itself", "none"},
	}, Switch: "console", Client: "a session never stands in an address"},
}

var times = []Fact{
	{ID: "list-time", Section: "2.1", Question: "the list of servers takes", Told: ByCheck, Means: "the tick must be longer", Client: "nothing"},
	{ID: "call-time", Section: "2.1", Question: "a small call takes", Told: ByCheck, Means: "the rate should leave the panel time for others", Client: "nothing"},
	{ID: "list-size", Section: "2.1", Question: "the list of servers is, in bytes", Told: ByCheck, Means: "that much is read each tick while somebody waits; 32 MiB are the limit", Client: "nothing"},
	{ID: "block-time", Line: "U17", Section: "4.6", Question: "a block is shown after", Told: ByDrill, Means: "release_timeout must be longer", Switch: "flag-delay", Client: "waits with a limit"},
	{ID: "unblock-time", Line: "U17", Section: "4.6", Question: "an unblock is shown after", Told: ByDrill, Means: "release_timeout must be longer", Switch: "flag-delay", Client: "waits with a limit"},
	{ID: "ports-time", Line: "U17", Section: "4.6", Question: "ports are quiet after an unblock for", Told: ByDrill, Means: "release_timeout must be longer", Switch: "flag-delay", Client: "waits with a limit"},
	{ID: "power-off-time", Line: "U17", Section: "4.6", Question: "a power off is shown after", Told: ByDrill, Unless: "it was off", Means: "release_timeout must be longer", Switch: "power-time", Client: "waits with a limit"},
	{ID: "power-on-time", Line: "U17", Section: "4.6", Question: "a power on is shown after", Told: ByDrill, Means: "power_timeout must be longer", Switch: "power-time", Client: "waits with a limit"},
	{ID: "install-time", Line: "U17", Section: "4.6", Question: "an install is shown after", Told: ByInstall, Means: "install_settle must be longer", Switch: "flag-delay", Client: "waits with a limit"},
	{ID: "cancel-time", Line: "U17", Section: "4.6", Question: "a cancel is shown after", Told: ByInstall, Means: "release_timeout must be longer", Switch: "flag-delay", Client: "waits with a limit"},
}

// untold are the lines that nobody can tell, each with the reason.
var untold = []Fact{
	{ID: "user-name-end", Line: "U4", Section: "2.2", Question: "where the user name ends in authinfo", Told: ByNobody, Unless: "it matters only for names with a colon, which are refused", Client: "a configured user holds no colon"},
	{ID: "key-life", Line: "U5", Section: "2.3", Question: "how long a login key works", Told: ByNobody, Unless: "one would have to wait for its end", Switch: "key-life", Client: "a browser has two minutes"},
	{ID: "other-forms", Line: "U6", Section: "2.4", Question: "forms of answers other than XML", Told: ByNobody, Unless: "metalease asks for XML only", Client: "not used"},
	{ID: "user-rules", Line: "U10", Section: "3.1", Question: "which names and passwords of users are allowed", Told: ByNobody, Unless: "a user would have to be created, and could not be taken away again", Switch: "min-password", Client: "the panel's refusal is shown to staff"},
	{ID: "missing-field", Line: "U12", Section: "3.3", Question: "a field that a save leaves out is blanked", Told: ByNobody, Unless: "a field could be lost by asking, and every field is sent back", Client: "every field is sent back"},
	{ID: "customer-notes", Line: "U15", Section: "3.3", Question: "a customer may edit the notes", Told: ByNobody, Unless: "it takes a customer's account", Client: "a lost mark is expected"},
	{ID: "other-operations", Line: "U18", Section: "3.6", Question: "names of other operations, and what clearhdd clears", Told: ByNobody, Unless: "disks and hardware tests are not for a drill", Client: "used only with wipe: on-install and resale: after-diagnostics"},
	{ID: "traffic-unit", Line: "U20", Section: "3.9", Question: "unit and period of burst", Told: ByNobody, Unless: "a figure does not say its unit: compare it with the panel's own page", Client: "shown as it comes"},
	{ID: "six-page", Line: "U28", Section: "6.1", Question: "words of DCImanager 6's login page", Told: ByNobody, Unless: "this panel is DCImanager 5", Client: "cookie and API errors count as well"},
	{ID: "session-address", Line: "U31", Section: "2.3", Question: "a session works from another address", Told: ByNobody, Unless: "it takes a second address to ask from", Switch: "roaming-sessions", Client: "the browser gets an address without a session too"},
	{ID: "blocked-customer", Line: "U33", Section: "3.4", Question: "a customer may switch or install a blocked server", Told: ByNobody, Unless: "it takes a customer's account", Switch: "disabled-lets-customers", Client: "nobody asks while a server is blocked"},
}
