package gateway

import (
	"maps"
	"reflect"

	"metalease/internal/hostname"
	"metalease/internal/openapi"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// contractText is what is true of all calls.
const contractText = "Calls and answers are JSON.\n\n" +
	"## Signing\n\n" +
	"Every call under `/v1` is signed with the shared secret of the installation, in three headers: `X-Metalease-Installation`, " +
	"`X-Metalease-Timestamp` (unix seconds) and `X-Metalease-Signature`, which is `v1=` and the hex HMAC-SHA256 of\n\n" +
	"    installation \\n timestamp \\n METHOD \\n path?query \\n body\n\n" +
	"where `\\n` is one line feed, without the blanks around it, and path, query and body are the bytes that are sent. An empty body still has its line " +
	"feed before it. A timestamp that is more than 5 minutes off is refused with 401, the name of another installation with 403; nothing happens then.\n\n" +
	"A WHMCS also sends its System URL, in `X-Metalease-System`, and signs it as a line of its own behind the installation: " +
	"`installation \\n system \\n timestamp \\n ...`. A caller that is no WHMCS sends no such header and signs no such line. The System URL of the first call is " +
	"remembered, and another one is refused with 403 (`wrong-system`): a copy of WHMCS, which carries the same secret and name, reaches nobody's server.\n\n" +
	"A signature that has been used is refused with 401 (`replayed`), unless the call is a GET: sign each attempt anew, and give two equal calls of one " +
	"second different timestamps. Answers to signed calls name the gateway's version in `X-Metalease-Version`.\n\n" +
	"## Sending again\n\n" +
	"Every call may be repeated. `POST /v1/services` is repeated with the same body. A signal carries an `event_id`, random for each " +
	"decision and the same for all attempts to send it: whatever arrives twice counts once. Without one, the signed call itself is the event: its signature is the id, its timestamp the time.\n\n" +
	"## Waiting\n\n" +
	"A signal is durable as soon as it is answered. `?wait=` says how long the answer may wait for the effect: 5 s if absent, at most 20 s. " +
	"200 means that the effect is reached or that it was decided that there is none, 202 that it is still pending.\n\n" +
	"## Pages\n\n" +
	"A list that has `next_page_token` goes on: send it as `page_token` with the same filters. A page without it is the last.\n\n" +
	"## Limits\n\n" +
	"A body has at most 64 KiB, that of a batch 512 KiB; texts have the lengths that their schemas say. What is longer is refused, not cut. " +
	"A parameter that a call does not have is refused.\n\n" +
	"## Problems\n\n" +
	"Every error is a problem detail (RFC 9457) of the media type `application/problem+json`. Tell problems apart by `type`, which is stable, " +
	"and show people `title`, `detail` and `errors`. `X-Request-Id` of an answer names the call in the gateway's log; a caller may send its own. " +
	"A path or a method that no call has is answered with `unknown-path` or `wrong-method`."

// newTypes reads schemas with the texts and limits below.
func newTypes() *openapi.Types {
	enum := func(values any) openapi.Schema { return openapi.Schema{"type": "string", "enum": values} }
	return &openapi.Types{
		Known: map[reflect.Type]openapi.Schema{
			reflect.TypeFor[api.Duration](): {"type": []string{"string", "number"}},
			reflect.TypeFor[api.Moment]():   {"type": "string"},
			reflect.TypeFor[api.ID]():       {"type": []string{"string", "integer"}},
			reflect.TypeFor[hostname.Names](): {
				"type": "object", "maxProperties": api.LimitDomains,
				"additionalProperties": openapi.Schema{"type": "string", "maxLength": 253},
			},
			reflect.TypeFor[api.Phase](): enum(api.Phases),
			reflect.TypeFor[api.Step]():  enum(api.Steps),
			reflect.TypeFor[api.Outcome](): enum([]api.Outcome{
				api.OutcomePending, api.OutcomeApplied, api.OutcomeIgnored, api.OutcomeSuperseded, api.OutcomeFailed,
			}),
		},
		Property: property, Whole: whole,
	}
}

// property is what the document says of a property beyond its Go type.
func property(typeName, name string) openapi.Schema {
	more := openapi.Schema{}
	text, own := propertyTexts[typeName+"."+name]
	if !own {
		text = propertyTexts[name]
	}
	if text != "" {
		more["description"] = text
	}
	if typeName == "Attention" {
		maps.Copy(more, attentionSchemas[name])
	}
	if words := eventWords[typeName+"."+name]; words != nil {
		more["enum"] = words
	}
	if typeName == "Batch" {
		maps.Copy(more, openapi.Schema{"minItems": 1, "maxItems": batchOrders})
	}
	limits := map[string]map[string]int{"Order": orderLimits, "Event": eventLimits}[typeName]
	if limits == nil {
		return more
	}
	if limit, limited := limits[name]; limited {
		more["maxLength"] = limit
	}
	maps.Copy(more, inputLimits[name])
	return more
}

// eventWords are the properties of what is sent that have a few words to choose from: those that
// api.Event.RunningFaults takes, which a test compares.
var eventWords = map[string][]string{
	"SignOn.target": {running.SignOnPanel, running.SignOnConsole},
	"Event.action":  {running.PowerOn, running.PowerOff, running.PowerReboot},
	"Event.state":   {running.PowerOn, running.PowerOff},
	"Actor.kind":    {api.ActorClient, api.ActorStaff, api.ActorSystem},
}

// attentionSchemas name what the table of causes has.
var attentionSchemas = map[string]openapi.Schema{
	"code":    {"oneOf": attentionCodes()},
	"actions": {"items": openapi.Schema{"type": "string", "enum": api.Signals}},
}

func attentionCodes() []openapi.Schema {
	var codes []openapi.Schema
	for _, row := range api.AttentionTable {
		codes = append(codes, openapi.Schema{"const": row.Code, "description": row.Meaning + " " + row.Runbook})
	}
	return codes
}

// inputLimits are the ranges of what is sent.
var inputLimits = map[string]openapi.Schema{
	"ipv4": {"minimum": 0, "maximum": 256}, "ipv6": {"minimum": 0, "maximum": 256},
	"install_attempts": {"minimum": 0, "maximum": 10}, "order_id": {"minimum": 0}, "order": {"type": "object"},
}

// whole is what the document says of a type. An order for a named server may do without an OS.
func whole(typeName string) openapi.Schema {
	if typeName != "Order" {
		return nil
	}
	required := []string{}
	for _, field := range openapi.Fields(reflect.TypeFor[api.Order]()) {
		if field.Always && field.Name != "os_template" {
			required = append(required, field.Name)
		}
	}
	return openapi.Schema{
		"required": required,
		"anyOf":    []openapi.Schema{{"required": []string{"os_template"}}, {"required": []string{"server_id"}}},
	}
}
