package cli

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// corrections makes JSON of --set: a value is taken as JSON where the field takes it so,
// else as a text.
func corrections(settings []string) (json.RawMessage, error) {
	if len(settings) == 0 {
		return nil, nil
	}
	object := map[string]json.RawMessage{}
	for _, setting := range settings {
		name, value, found := strings.Cut(setting, "=")
		if !found {
			return nil, wrongUsage("--set %q is not FIELD=VALUE", setting)
		}
		object[name] = json.RawMessage(value)
		if !json.Valid(object[name]) || !control.FieldTakes(name, object[name]) {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			object[name] = text
		}
		if !control.FieldTakes(name, object[name]) {
			return nil, wrongUsage("--set %s=%s: the order has no such field, or it cannot have this value", name, value)
		}
	}
	if fixed := slices.DeleteFunc(slices.Clone(fixedFields), func(name string) bool { return object[name] == nil }); len(fixed) > 0 {
		return nil, wrongUsage("--set: %s of a running order cannot be changed", strings.Join(fixed, ", "))
	}
	return json.Marshal(object)
}

// fixedFields say which order it is; a correction leaves them alone.
var fixedFields = []string{"service_id", "client_id", "order_id", "paid_at", "panel", "restart"}

// correctable are the other fields, by their names in JSON, with the "=" that follows.
func correctable() []string {
	var all []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[api.Order]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" && !slices.Contains(fixedFields, name) {
			all = append(all, name+"=")
		}
	}
	return all
}
