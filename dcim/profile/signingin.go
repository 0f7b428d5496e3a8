package profile

// yes and no are the values of most facts, with the switch off where that is what is expected.
func yesNo(yes, no string) []Value {
	return []Value{{"yes", yes, "true"}, {"no", no, "false"}}
}

var signingIn = []Fact{
	{ID: "admin-level", Line: "U9", Section: "3.1", Question: "level of the API account in the list of users", Expected: "29", Told: ByCheck,
		Means: "not used: customers are those of level 16", Switch: "admin-level", Client: "nothing"},
	{ID: "root-listed", Line: "U1", Section: "1", Question: "the superuser root is in the list of users", Expected: "no", Told: ByCheck,
		Values: yesNo("root could own servers; give metalease an account of its own all the same", "the API account must be another one than root"), Switch: "root-listed",
		Client: "an API account that is not listed is an error with its name"},
	{ID: "auth-error-type", Line: "U3", Section: "2.2", Question: "type of the error of a refused login", Expected: "auth", Told: ByCheck,
		Means: "auth and access are both read as a refused credential", Switch: "auth-error-type", Client: "auth, or access about the login itself, is a credential"},
	{ID: "missing-error-type", Line: "U8", Section: "2.6", Question: "type of the error about an object that is not there", Expected: "missed", Told: ByCheck,
		Means: "a server that was removed is known by it", Switch: "missing-error-type", Client: "that type about an id counts as missed"},
	{ID: "error-status", Line: "U2", Section: "2.1", Question: "HTTP status of an error", Expected: "200", Told: ByCheck,
		Means: "the document decides, whatever the status", Switch: "error-status", Client: "nothing"},
	{ID: "certificate", Line: "U27", Section: "5", Question: "how the panel's certificate is trusted", Told: ByCheck, Values: []Value{
		{"pinned", "exactly this certificate: a new one needs a new fingerprint in the configuration", ""},
		{"own authority", "the authority of ca signed it", ""},
		{"system roots", "a public authority signed it", ""},
	}, Client: "verification is never off"},
	{ID: "encoding", Line: "U30", Section: "2.1", Question: "encoding of the answers", Expected: "UTF-8", Told: ByDrill,
		Unless: "the answers say UTF-8 and are another encoding that is not known", Means: "texts that people typed are read by it", Switch: "encoding", Client: "what it is decides, where the panel says another"},
	{ID: "encoding-declared", Line: "U30", Section: "2.1", Question: "the answers say their true encoding", Expected: "yes", Told: ByDrill,
		Values: []Value{{"yes", "texts are read as they were typed", "false"}, {"no", "texts in the panel's own language are read by the encoding of this profile, and as U+FFFD without one", "true"}}, Switch: "encoding-undeclared",
		Client: "with no, the profile's encoding decides"},
	{ID: "clock", Section: "2.1", Question: "the panel's clock against ours", Expected: "right", Told: ByCheck, Unless: "the panel sends no date", Values: []Value{
		{"right", "within two minutes", ""}, {"wrong", "login keys and reports may be off: set the panel's time", ""},
	}, Client: "nothing: all times are our own"},
}

var lists = []Fact{
	{ID: "list-filter", Line: "U7", Section: "2.5", Question: "a filter of the list of servers", Expected: "exact", Told: ByCheck, Unless: "the panel has fewer than two servers with a label", Values: []Value{
		{"exact", "single servers can be asked about", "exact"}, {"contains", "single servers can be asked about, beside others", "contains"},
		{"ignored", "each look reads the whole list: mind its size and time below", "ignored"}, {"refused", "each look reads the whole list: mind its size and time below", "refused"},
		{"stays", "a filter lasts beyond its call: each look reads the whole list", "stays"},
	}, Switch: "filter", Client: "used where it was seen exact or contains, and true in each answer; else the whole list is read"},
	{ID: "owner-in-list", Line: "U11", Section: "3.2", Question: "an owner in the list of servers", Expected: "id", Told: ByDrill, Values: []Value{
		{"id", "the owner's id", "false"}, {"name", "the owner's name", "true"},
	}, Switch: "owner-as-name", Client: "both count; another one than seen is trouble"},
	{ID: "flag-text", Line: "U23", Section: "4.2", Question: "text of a set flag", Expected: "on", Told: ByCheck, Unless: "no server shows a flag",
		Values: []Value{{"on", "the word on", "false"}, {"none", "an empty element", "true"}, {"other", "another word", ""}}, Switch: "empty-flags", Client: "that the element is there counts"},
	{ID: "blocked-flags", Line: "U24", Section: "4.5", Question: "flags of a blocked server", Expected: "blocked and disabled", Told: ByDrill, Values: []Value{
		{"blocked and disabled", "two names of one state", "false"}, {"disabled", "only one of the two", "true"}, {"blocked", "only one of the two", ""},
	}, Switch: "disabled-flag-only", Client: "either counts as blocked"},
	{ID: "notes-in-list", Line: "U29", Section: "3.2", Question: "the list of servers shows notes", Expected: "no", Told: ByDrill,
		Values: yesNo("marks could be seen in the list", "marks are read from forms, one call a server"), Switch: "list-notes", Client: "nothing"},
	{ID: "template-ids", Line: "U22", Section: "3.10", Question: "an OS template is named by", Expected: "id", Told: ByCheck, Unless: "the panel lists no template", Values: []Value{
		{"id", "the field id", "false"}, {"name", "the field name", "true"},
	}, Switch: "templates-without-id", Client: "id, else name"},
	{ID: "pdu-type", Line: "U21", Section: "3.8", Question: "type of a connection to a power unit", Expected: "PDU", Told: ByCheck, Unless: "no server that was looked at has one",
		Means: "a release waits for every busy connection, whatever its type", Switch: "pdu-type", Client: "nothing"},
	{ID: "switch-names", Line: "U34", Section: "3.8", Question: "the form of a connection names the switch", Expected: "no", Told: ByCheck, Unless: "no server that was looked at has a switch port",
		Values: yesNo("facts of a server show it", "facts of a server show the port alone"), Switch: "switch-names", Client: "shown where it is there"},
	{ID: "traffic-bytes", Line: "U20", Section: "3.9", Question: "traffic of the month in", Expected: "bytes", Told: ByCheck, Unless: "the panel has no such report, or no row in it", Values: []Value{
		{"bytes", "exact, in the attribute orig", "false"}, {"GiB", "as shown, so usage is exact to 10 MiB", "true"},
	}, Switch: "traffic-plain", Client: "bytes where they are, else GiB"},
}
