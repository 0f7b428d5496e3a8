package facts

// calls are about the API.
var calls = []Fact{
	{ID: "refused-status", Line: "W1", Question: "HTTP status of an action that the role refuses", Expected: "403", Told: ByCheck, Unless: "the role refuses nothing that was asked for",
		Values: []Value{{"403", "the text decides", ""}, {"401", "the text decides", "401"}, {"400", "the text decides", "400"}, {"200", "the text decides", "200"}}, Means: "the text decides",
		Switch: "refused-status", Host: "refused-status", Code: "the text decides, 401 and 403 are the fallback"},
	{ID: "time-zone", Line: "W2", Question: "time zone of dates", Told: ByModule,
		Values: []Value{{"UTC", "due dates are days of this zone, and the daily cron runs by it", ""}, {"Pacific/Kiritimati", "", "Pacific/Kiritimati"}, {"Pacific/Pago_Pago", "", "Pacific/Pago_Pago"}},
		Means:  "due dates are days of this zone, and the daily cron runs by it",
		Switch: "time-zone", Host: "time-zone", Code: "the due date counts as a day; moments come from our own clock"},
	{ID: "missing-service", Line: "W3", Question: "a service that is not there is", Expected: "no row", Told: ByCheck,
		Values: []Value{{"no row", "read as: it is not there", ""}, {"an error", "read as: it is not there", "true"}}, Switch: "missing-is-error", Host: "missing-is-error",
		Code: "both mean that it is not there"},
	{ID: "edit-hook", Line: "W4", Question: "UpdateClientProduct sets off the hook ServiceEdit", Expected: "no", Told: ByNobody, Unless: "metalease has no function at that hook",
		Values: yesNo("", ""), Host: "edit-hook", Code: "that hook is not used"},
	{ID: "create-on-active", Line: "W5", Question: "ModuleCreate of a service that is Active", Expected: "runs the module", Told: ByNobody, Unless: "a service of yours would have to be created twice",
		Values: []Value{{"runs the module", "", ""}, {"refused", "", "true"}}, Switch: "active-refuses-create", Host: "active-refuses-create", Code: "it is not called on one"},
	{ID: "encoding", Line: "W25", Question: "encoding of the API's answers", Expected: "UTF-8", Told: ByNobody, Unless: "each answer is read by what its header says",
		Values: []Value{{"UTF-8", "", ""}, {"windows-1251", "", "windows-1251"}, {"iso-8859-1", "", "iso-8859-1"}}, Switch: "encoding",
		Code: "UTF-8 or what the header names; sizes are limited"},
}

// events are about what WHMCS does by itself.
var events = []Fact{
	{ID: "hooks-twice", Line: "W6", Question: "a hook comes twice", Expected: "no", Told: ByNobody, Unless: "it would be so for one event and not for the next",
		Values: yesNo("", ""), Switch: "hooks-twice", Host: "hooks-twice", Code: "each may"},
	{ID: "abort", Line: "W7", Question: "what abortcmd leaves", Told: ByNobody, Unless: "it is not used", Code: "not used"},
	{ID: "status-before-hook", Line: "W8", Question: "the status is written before AfterModuleCreate runs", Expected: "yes", Told: ByNobody, Unless: "the hook never touches the status",
		Values: []Value{{"yes", "", ""}, {"no", "", "true"}}, Host: "status-after-hook", Code: "the hook never touches it"},
	{ID: "set-up", Line: "W9", Question: "WHMCS's own set-up of a paid order comes", Expected: "never", Told: ByNobody, Unless: "Automatically setup is off where this page says so",
		Values: []Value{{"never", "", ""}, {"before the hook", "", "before"}, {"after the hook", "", "after"}}, Switch: "set-up", Host: "set-up", Code: "any order works; AcceptOrder and the cron start as well"},
	{ID: "delete-terminates", Line: "W10", Question: "the module is asked to terminate a service before it is deleted", Expected: "no", Told: ByNobody, Unless: "a service of yours would have to be deleted",
		Values: yesNo("", ""), Host: "delete-terminates", Code: "the hook asks for its end, which may be asked twice"},
	{ID: "queue-row", Line: "W14", Question: "a later success completes the row of the module queue", Expected: "no", Told: ByNobody, Unless: "the module completes rows of its own all the same",
		Values: yesNo("", ""), Switch: "success-completes-row", Host: "success-completes-row", Code: "the module completes rows of its own, for Active services"},
	{ID: "refund", Line: "W15", Question: "a refund terminates the service", Expected: "no", Told: ByNobody, Unless: "money of yours would have to be given back",
		Values: yesNo("", ""), Host: "refund-terminates", Code: "staff are told, nothing else"},
	{ID: "cancelled-order", Line: "W16", Question: "an order that is cancelled terminates its Active services", Expected: "no", Told: ByNobody, Unless: "an order of yours would have to be cancelled",
		Values: yesNo("", ""), Switch: "cancel-terminates", Host: "cancel-terminates", Code: "the hooks ask for the end; twice is once"},
}

// shops are about carts and orders by the API.
var shops = []Fact{
	{ID: "links", Line: "W17", Question: "links fill host name and fields", Told: ByNobody, Unless: "it is not relied upon", Code: "not relied upon"},
	{ID: "name-server", Line: "W19", Question: "a name server is shown", Expected: "with the host name", Told: ByNobody, Unless: "an order would have to be placed",
		Values: []Value{{"with the host name", "", ""}, {"by its prefix alone", "", "true"}}, Switch: "bare-name-servers", Host: "bare-name-servers", Code: "what stands before the first point is compared"},
	{ID: "no-stock-control", Line: "W20", Question: "quantity_available without stock control", Expected: "0", Told: ByModule, Unless: "each product of metalease is under stock control",
		Values: []Value{{"0", "0 says nothing: the panel's stock decides", ""}, {"another number", "it says nothing: the panel's stock decides", "999"}}, Switch: "quantity-without-stock-control", Host: "quantity-without-stock-control",
		Code: "it is no proof of either: the panel's stock decides"},
	{ID: "cancelled-invoice", Line: "W21", Question: "CancelOrder cancels the unpaid invoice", Expected: "yes", Told: ByNobody, Unless: "an order would have to be placed",
		Values: []Value{{"yes", "", ""}, {"no", "", "true"}}, Switch: "cancel-keeps-invoice", Host: "cancel-keeps-invoice", Code: "the invoice is read afterwards, and cancelled by itself; WHMCS's stock is not relied upon"},
	{ID: "wrong-order", Line: "W22", Question: "AddOrder sells what is retired, out of stock or not offered", Expected: "yes", Told: ByNobody, Unless: "an order would have to be placed",
		Values: []Value{{"yes", "", ""}, {"no", "", "true"}}, Switch: "orders-are-checked", Code: "it is checked before; services, promotion code and total are compared afterwards"},
	{ID: "price-override", Line: "W23", Question: "what priceoverride replaces", Told: ByNobody, Unless: "it is not used", Code: "not used"},
}

// pages are about what the module finds where it runs.
var pages = []Fact{
	{ID: "loader", Line: "W11", Question: "a Loader gets the credentials of the server entry", Told: ByNobody, Unless: "it runs in the product editor only", Code: "without credentials it reads the product's server entries"},
	{ID: "custom-buttons", Line: "W12", Question: "WHMCS checks whose service a customer's button is about", Expected: "yes", Told: ByNobody, Unless: "a customer would have to press one",
		Values: []Value{{"yes", "", ""}, {"no", "", "true"}}, Host: "unchecked-buttons", Code: "the module checks owner and token itself, at each action of a customer"},
	{ID: "page-variables", Line: "W13", Question: "the page has the variables that modules use", Expected: "yes", Told: ByNobody, Unless: "the page uses its own",
		Values: []Value{{"yes", "", ""}, {"no", "", "true"}}, Host: "bare-pages", Code: "the page uses its own"},
	{ID: "php", Line: "W18", Question: "version of PHP", Told: ByModule, Means: "the module is written for 8.1 to 8.3", Code: "code that parses on 8.1 and runs to 8.3"},
	{ID: "language", Line: "W24", Question: "which language a page has", Told: ByNobody, Unless: "it is each visitor's own", Code: "that of the session, else the client's, else that of WHMCS"},
	{ID: "upgrade-hook", Line: "W26", Question: "a hook comes between the form of an upgrade and its invoice", Told: ByNobody, Unless: "it is not relied upon", Code: "the module looks at a form that is sent to upgrade.php when its hooks are loaded"},
	{ID: "upgrade-options", Line: "W27", Question: "options of an upgrade that are missing in the form stay", Told: ByNobody, Unless: "it is not relied upon", Code: "the page keeps all of them, each with its present choice only"},
	{ID: "session", Line: "W28", Question: "keys of the session in a page of a module", Told: ByNobody, Unless: "a person would have to be signed in", Code: "the pages for browsers ask for uid, adminid and the token; without them nothing is done"},
	{ID: "permissions", Line: "W29", Question: "a page of a module learns what a role may do", Expected: "yes", Told: ByModule,
		Values: []Value{{"yes", "staff whose role allows Perform Server Operations sign in to the panel from WHMCS", ""}, {"no", "nobody of the staff signs in to the panel from WHMCS", "true"}},
		Switch: "no-permissions", Code: "where it is missing nobody of the staff signs in"},
	{ID: "rules", Line: "W31", Question: "rules for notifications stand in tblnotificationrules", Told: ByModule, Values: []Value{{"yes", "a rule for metalease is looked for there", ""}, {"no", "look in the administration whether there is a rule", ""}},
		Code: "they are counted for the check alone"},
	{ID: "users", Line: "W30", Question: "a page of a module learns what a user may do for a client", Expected: "yes", Told: ByModule,
		Values: []Value{{"yes", "users whose permissions hold productsso sign in to the panel", ""}, {"no", "who signs in for a client may sign in to the panel", "true"}},
		Switch: "no-users", Code: "productsso of tblusers_clients is asked for; where the table is missing nothing is"},
}
