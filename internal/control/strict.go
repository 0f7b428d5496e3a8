package control

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"metalease/workflows/api"
)

// reading fills a struct from JSON as strictly as what somebody pays for deserves: what cannot be read
// and what is unknown are faults, each with the path of its field, such as items[0].cycle.
type reading struct {
	unread  []api.FieldError
	unknown []string
}

// readStrictly fills into, a pointer to a struct. Error: ErrNotJSON for a text that is no object.
func readStrictly(text []byte, into any) (reading, error) {
	var r reading
	fields, err := objectOf(text)
	if err == nil {
		r.object(fields, reflect.ValueOf(into).Elem(), "")
	}
	return r, err
}

func (r *reading) object(fields map[string]json.RawMessage, target reflect.Value, path string) {
	for field, into := range target.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		raw, there := fields[name]
		delete(fields, name)
		if there && string(raw) != "null" {
			r.value(raw, into, path+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		r.unknown = append(r.unknown, path+name)
	}
}

func (r *reading) value(raw json.RawMessage, into reflect.Value, path string) {
	_, own := into.Addr().Interface().(json.Unmarshaler)
	switch {
	case own:
	case into.Kind() == reflect.Struct:
		fields, err := objectOf(raw)
		if err != nil {
			r.unread = append(r.unread, api.FieldError{Field: path, Reason: "must be an object"})
			return
		}
		r.object(fields, into, path+".")
		return
	case into.Kind() == reflect.Slice && into.Type().Elem().Kind() == reflect.Struct:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			r.unread = append(r.unread, api.FieldError{Field: path, Reason: "must be a list"})
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
		for i, item := range items {
			r.value(item, into.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
		return
	}
	if json.Unmarshal(raw, into.Addr().Interface()) != nil {
		into.SetZero()
		r.unread = append(r.unread, api.FieldError{Field: path, Reason: wanted(into.Interface())})
	}
}
