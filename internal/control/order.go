package control

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"metalease/internal/config"
	"metalease/workflows/api"
)

// ErrNotJSON is a text that is no JSON object, so that no field of it can be named.
var ErrNotJSON = errors.New("an order must be one JSON object")

// Invalid is an order that nobody can have.
type Invalid struct{ Faults []api.FieldError }

// Error names every field.
func (i *Invalid) Error() string {
	var parts []string
	for _, f := range i.Faults {
		parts = append(parts, f.Field+" "+f.Reason)
	}
	return "the order is wrong: " + strings.Join(parts, "; ")
}

// orderFields are the JSON names of an order, in the order of its struct.
var orderFields = func() []string {
	var names []string
	for field := range reflect.TypeFor[api.Order]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}()

// ReadOrder reads the JSON of an order strictly: an unknown key is most likely a typing
// error in a field that somebody paid for. Errors: ErrNotJSON, [Invalid] with every bad field.
func ReadOrder(text []byte, panels []string) (api.Order, error) {
	var order api.Order
	read, err := readStrictly(text, &order)
	if err != nil {
		return order, err
	}
	return order, invalid(order, panels, read.unread, read.unknown)
}

// CheckOrder names every field that no service on these panels can have. Error: [Invalid].
func CheckOrder(order api.Order, panels []string) error {
	return invalid(order, panels, nil, nil)
}

func objectOf(text []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&fields); err != nil || fields == nil {
		return nil, ErrNotJSON
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrNotJSON
	}
	return fields, nil
}

// invalid puts the faults in the order of the fields, one a field: what could not be read
// is not judged as well.
func invalid(order api.Order, panels []string, unread []api.FieldError, unknown []string) error {
	var faults []api.FieldError
	judged := order.Faults()
	if order.Panel != "" && !slices.Contains(panels, order.Panel) {
		judged = append(judged, api.FieldError{Field: "panel", Reason: "is not configured; there are: " + strings.Join(panels, ", ")})
	}
	for _, name := range orderFields {
		if i := slices.IndexFunc(unread, func(f api.FieldError) bool { return f.Field == name }); i >= 0 {
			faults = append(faults, unread[i])
			continue
		}
		if i := slices.IndexFunc(judged, func(f api.FieldError) bool { return f.Field == name }); i >= 0 {
			faults = append(faults, judged[i])
		}
	}
	for _, name := range unknown {
		faults = append(faults, api.FieldError{Field: name, Reason: "is not a field of an order"})
	}
	if len(faults) == 0 {
		return nil
	}
	return &Invalid{faults}
}

// wanted says what JSON a field takes.
func wanted(value any) string {
	switch value.(type) {
	case int:
		return "must be a whole number"
	case bool:
		return "must be true or false"
	case time.Time:
		return "must be a time such as 2026-01-31T12:00:00Z"
	case api.Duration:
		return `must be a duration such as "720s", "72h" or "3d", or a number of seconds`
	case map[string]string:
		return "must be an object of texts"
	case api.ID:
		return "must be text or a number"
	}
	return "must be text"
}

// complete fills what an order leaves to the configuration.
func complete(o api.Order, defaults config.Defaults) api.Order {
	if o.InstallTimeout == 0 {
		o.InstallTimeout = api.Duration(defaults.InstallTimeout)
	}
	if o.InstallAttempts == 0 {
		o.InstallAttempts = defaults.InstallAttempts
	}
	if o.Grace == 0 {
		o.Grace = api.Duration(defaults.Grace)
	}
	return o
}

// digest tells orders apart by what was sent: before defaults, so that a changed default
// does not make another order of a repeated call.
func digest(o api.Order) (string, error) {
	o.Restart, o.PaidAt = false, o.PaidAt.UTC()
	text, err := json.Marshal(o)
	if err != nil {
		return "", fmt.Errorf("order of service %d: %w", o.ServiceID, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// differences names the fields in which two complete orders differ.
func differences(a, b api.Order) []string {
	a.Restart, b.Restart = false, false
	a.PaidAt, b.PaidAt = a.PaidAt.UTC().Round(0), b.PaidAt.UTC().Round(0) // == also compares zones and clocks
	var names []string
	left, right := reflect.ValueOf(a), reflect.ValueOf(b)
	for i, name := range orderFields {
		if left.Field(i).Interface() != right.Field(i).Interface() {
			names = append(names, name)
		}
	}
	return names
}

// FieldTakes tells whether an order has a field that can hold this JSON.
func FieldTakes(name string, value json.RawMessage) bool {
	i := slices.Index(orderFields, name)
	if i < 0 {
		return false
	}
	var order api.Order
	return json.Unmarshal(value, reflect.ValueOf(&order).Elem().Field(i).Addr().Interface()) == nil
}
