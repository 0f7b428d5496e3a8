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
	otherOrder        kind = "other-order"
	panelObserved     kind = "panel-observed"
	serviceEnded      kind = "service-ended"
	serverHeld        kind = "server-held"
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
