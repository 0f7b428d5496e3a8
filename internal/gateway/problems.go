package gateway

import "net/http"

// Every type of problem that the gateway answers with.
const (
	incomplete        kind = "incomplete"
	notJSON           kind = "not-json"
	unsigned          kind = "unsigned"
	wrongSignature    kind = "wrong-signature"
	stale             kind = "stale"
	replayed          kind = "replayed"
	wrongInstallation kind = "wrong-installation"
	wrongSystem       kind = "wrong-system"
	unknownPath       kind = "unknown-path"
	unknownService    kind = "unknown-service"
	unknownPanel      kind = "unknown-panel"
	unknownSignal     kind = "unknown-signal"
	wrongMethod       kind = "wrong-method"
	unknownCart       kind = "unknown-cart"
	unknownProduct    kind = "unknown-product"
	notForShops       kind = "not-for-shops"
	shopsOnly         kind = "shops-only"
	readOnlyKey       kind = "read-only-key"
	otherCart         kind = "other-cart"
	cartEnded         kind = "cart-ended"
	cartPaid          kind = "cart-paid"
	notPayable        kind = "not-payable"
	invalidCart       kind = "invalid-cart"
	tooOften          kind = "too-often"
	whmcsFailed       kind = "whmcs-failed"
	otherOrder        kind = "other-order"
	panelObserved     kind = "panel-observed"
	serviceEnded      kind = "service-ended"
	serverHeld        kind = "server-held"
	notNow            kind = "not-now"
	alreadyAnswered   kind = "already-answered"
	tooLarge          kind = "too-large"
	invalidParameter  kind = "invalid-parameter"
	invalidOrder      kind = "invalid-order"
	invalidEvent      kind = "invalid-event"
	internalFault     kind = "internal"
	panelFailed       kind = "panel-failed"
	workerUnavailable kind = "worker-unavailable"
	temporalFailed    kind = "temporal-unavailable"
)

// problemType is what is true of all problems of a kind.
type problemType struct {
	status int
	title  string
	// meaning says what happened and what did not; remedy says what the caller can do.
	meaning, remedy string
}

// problemTypes is the contract: programs rely on type and status, people on the rest.
var problemTypes = map[kind]problemType{
	incomplete: {http.StatusBadRequest, "The body did not arrive whole",
		"The connection ended before the body did. Nothing was done.", "Send the call again."},
	notJSON: {http.StatusBadRequest, "The body is not the JSON that this call takes",
		"The body could not be parsed, or is no object. Nothing was done.", "Send one JSON value and nothing after it."},
	unsigned: {http.StatusUnauthorized, "The signature was refused",
		"A signing header is missing or has another form. Nothing was done.", "Sign the call as the description of this API says."},
	wrongSignature: {http.StatusUnauthorized, "The signature was refused",
		"The signature does not fit what arrived. Nothing was done.",
		"Check the shared secret on both ends, and that body, path and query are signed as they are sent."},
	stale: {http.StatusUnauthorized, "The signature was refused",
		"The call's timestamp is more than 5 minutes off. Nothing was done.", "Set both clocks, and sign the call anew."},
	replayed: {http.StatusUnauthorized, "The signature was refused",
		"A call with this very signature has arrived before. Nothing was done now.",
		"Sign each attempt anew. Two calls that are alike in the same second differ by their timestamps, or by event_id."},
	wrongInstallation: {http.StatusForbidden, "The signature was refused",
		"The call is signed for another installation, as by a copy of a WHMCS. Nothing was done.",
		"Do not repeat it. Correct the name of the installation if this WHMCS is the one that is meant."},
	wrongSystem: {http.StatusForbidden, "The signature was refused",
		"The call comes from a WHMCS with another System URL than the one that is served, as a copy of a WHMCS has. Nothing was done.",
		"Do not repeat it. Give a copy a metalease of its own; if WHMCS has moved, say so with starter installation move."},
	unknownPath: {http.StatusNotFound, "There is no such path",
		"No call has this path.", "See GET /openapi.json for the calls that there are."},
	unknownService: {http.StatusNotFound, "There is no such service",
		"No lifecycle of this service has ever run, or Temporal's retention has deleted it.", "Check the id; an order starts with POST /v1/services."},
	unknownPanel: {http.StatusNotFound, "There is no such panel in the configuration",
		"The panel is not configured in this gateway.", "Check the name against the configuration file."},
	unknownSignal: {http.StatusNotFound, "There is no such signal",
		"The last part of the path is no signal. Nothing was sent.", "Use one of the names in detail."},
	unknownCart: {http.StatusNotFound, "There is no such cart",
		"This shop has handed over no cart of this id, or Temporal's retention has deleted it.", "Check the id; a cart starts with POST /v1/carts."},
	unknownProduct: {http.StatusNotFound, "There is no such product in the catalogue",
		"The configuration does not sell it to shops, or WHMCS does not have it.", "See GET /v1/catalogue."},
	notForShops: {http.StatusForbidden, "A shop may not make this call",
		"The key is a shop's, and the call is not one of carts or the catalogue. Nothing was done.", "Use the calls under /v1/carts and /v1/catalogue."},
	readOnlyKey: {http.StatusForbidden, "The key may only read",
		"The key in X-Metalease-Key is one of gateway.read_keys, and the call is no GET. Nothing was done.", "Use a key that may do it."},
	shopsOnly: {http.StatusForbidden, "The call is for shops",
		"The call is not signed with a shop's key. Nothing was done.", "Name the shop's key in X-Metalease-Key and sign with its secret."},
	otherCart: {http.StatusConflict, "The Idempotency-Key is another cart's",
		"A cart with another body was handed over under this key. Nothing was done.", "Use a new key for another cart."},
	cartEnded: {http.StatusConflict, "The cart has ended",
		"It has expired, failed or was cancelled. Nothing was done.", "Hand over a new cart."},
	cartPaid: {http.StatusConflict, "The cart is paid",
		"The payment was faster: the order stands, and its servers are built.", "Refund and terminate in WHMCS if that is not wanted."},
	notPayable: {http.StatusConflict, "The cart waits for no payment",
		"It is still checked, or paid, or has ended.", "Show the cart's state; hand over a new one if it has ended."},
	invalidCart: {http.StatusUnprocessableEntity, "The cart cannot be ordered",
		"errors names every bad field. Nothing is left in WHMCS or in the stock.", "Correct the fields and hand the cart over under a new key."},
	tooOften: {http.StatusTooManyRequests, "Too many calls",
		"This address, or the client of this service, has called more often than is allowed. Nothing was done.", "Wait as the header Retry-After says."},
	whmcsFailed: {http.StatusBadGateway, "WHMCS did not answer the question",
		"WHMCS is down, refused or answered nonsense. Nothing was changed.", "Ask again later; detail has its words."},
	wrongMethod: {http.StatusMethodNotAllowed, "The path has no such method",
		"The path takes other methods.", "Use one of the methods in the header Allow."},
	otherOrder: {http.StatusConflict, "The service runs with another order",
		"The service was started with other fields; errors names those that are known to differ. Nothing was done.",
		"Correct fields of a service that needs attention with the signal retry."},
	panelObserved: {http.StatusConflict, "The panel is only observed",
		"The configuration says that nothing is written to this panel. Nothing was done.", "Set mode: manage for the panel to have orders built."},
	serviceEnded: {http.StatusConflict, "The service has ended",
		"The lifecycle has ended and takes neither signals nor the order. Nothing was done.", `A released service starts anew only with "restart": true.`},
	serverHeld: {http.StatusConflict, "Nobody looks after the service, and its server is still the customer's",
		"The lifecycle was ended by force or detached, and the panel shows that it gave nothing back. Nothing was done.", "detail names the server and the commands that take it up again or repair it."},
	notNow: {http.StatusConflict, "It is not done now",
		"The service is blocked, built or given back, or does something else: detail has the reason. Nothing was done.",
		"Look at the status; try again, with a new event_id, when what stands in the way is over."},
	alreadyAnswered: {http.StatusConflict, "The event_id was used before",
		"A way in was made for it, sealed for the call that asked first: nobody can read it again. Nothing was done now.",
		"Ask with a new event_id."},
	tooLarge: {http.StatusRequestEntityTooLarge, "The body is too large",
		"The body is above the limit and was not read further. Nothing was done.", "Send less."},
	invalidParameter: {http.StatusUnprocessableEntity, "The URL has a wrong parameter",
		"errors names each wrong, unknown or missing parameter. Nothing was done.", "Write the query as name=value&name=value, each name once."},
	invalidOrder: {http.StatusUnprocessableEntity, "The order is wrong",
		"errors names every bad field. Nothing was started.", "Correct the fields and send the order again."},
	invalidEvent: {http.StatusUnprocessableEntity, "The input of the signal is wrong",
		"The input cannot be understood, or a text in it is too long. Nothing was sent.", "Correct what errors or detail names."},
	internalFault: {http.StatusInternalServerError, "The gateway made an error",
		"A programming error. Whether something was done is not known.", "Repeat with the same event_id; report it with the id of the request."},
	panelFailed: {http.StatusBadGateway, "The panel did not answer the question",
		"A worker asked the panel, which is down, refused or answered nonsense. Nothing was changed.", "Ask again later; detail has the panel's words."},
	workerUnavailable: {http.StatusServiceUnavailable, "No worker answers",
		"The service may well exist: only a worker can tell. It is safe.", "The service is safe; ask again when a worker runs."},
	temporalFailed: {http.StatusServiceUnavailable, "Temporal did not do it",
		"Temporal is unreachable or refused. Whether a signal arrived is not known.", "Nothing is lost: send the call again."},
}
