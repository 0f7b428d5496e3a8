package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"metalease/workflows/api"
)

// maxBody is far above every body that this contract has.
const maxBody = 64 << 10

// orderLimits are the longest texts of an order, in characters: those that api.Order.Faults
// allows, which a test compares. 253 is the longest host name.
var orderLimits = map[string]int{
	"panel": api.LimitName, "package": api.LimitName, "os_template": api.LimitName, "recipe": api.LimitName,
	"address_group": api.LimitName, "server_id": api.LimitName, "domain": 253,
}

// eventLimits are the longest texts of an event, in characters. Elsewhere what is longer is
// cut; here its sender can be told.
var eventLimits = map[string]int{
	"event_id": api.LimitID, "reason": api.LimitReason, "source": api.LimitID, "server_id": api.LimitID,
	"action": api.LimitName, "state": api.LimitName, "os_template": api.LimitName, "recipe": api.LimitName, "confirm": api.LimitName,
}

// tooLong names the texts of an event that are above their limit. The event is the JSON of
// a reason or of an object.
func tooLong(event []byte) []api.FieldError {
	decoder := json.NewDecoder(bytes.NewReader(event))
	decoder.UseNumber()
	var value any
	_ = decoder.Decode(&value) // it was found to be JSON before
	fields, isObject := value.(map[string]any)
	if !isObject {
		fields = map[string]any{"reason": value}
	}
	var faults []api.FieldError
	for _, name := range slices.Sorted(maps.Keys(eventLimits)) {
		text, isText := fields[name].(string)
		if number, isNumber := fields[name].(json.Number); isNumber {
			text, isText = number.String(), true
		}
		if limit := eventLimits[name]; isText && utf8.RuneCountInString(text) > limit {
			faults = append(faults, api.FieldError{Field: name, Reason: fmt.Sprintf("must have at most %d characters", limit)})
		}
	}
	return faults
}
