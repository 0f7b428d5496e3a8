package gateway

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"metalease/workflows/api"
)

// maxBody is far above every body that this contract has.
const maxBody = 64 << 10

// textLimits are the longest texts that a body may have, in characters, by the field's name.
// Workflows keep them for years and repeat them in histories, so none may be of any size.
var textLimits = map[string]int{
	"event_id": 128, "reason": 500, "source": 128, "server_id": 128,
	"panel": 128, "package": 255, "os_template": 255, "recipe": 255, "address_group": 255, "domain": 253,
}

// tooLong names the fields of a body whose text is above its limit.
func tooLong(body any) []api.FieldError {
	var faults []api.FieldError
	value := reflect.ValueOf(body)
	for field, content := range value.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		limit, limited := textLimits[name]
		if limited && utf8.RuneCountInString(content.String()) > limit {
			faults = append(faults, api.FieldError{Field: name, Reason: fmt.Sprintf("must have at most %d characters", limit)})
		}
	}
	return faults
}
