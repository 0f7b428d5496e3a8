package gateway

import (
	"cmp"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"metalease/internal/duration"
	"metalease/internal/openapi"
	"metalease/workflows/api"
)

// parameter is one parameter of a query, or of a path.
type parameter struct {
	name, text string
	required   bool
	schema     openapi.Schema
	// read turns the text of the URL into what handlers use; its error completes the sentence
	// that begins with the name. Handlers of paths read for themselves.
	read func(text string) (any, error)
	// absent is the value of a parameter that is not there or empty.
	absent any
}

// query holds the parameters of a call, all of them, as their read or absent made them.
type query map[string]any

// value takes a parameter that the call's route has.
func value[T any](q query, name string) T { return q[name].(T) }

// readQuery is strict, for every call alike: a name that is misspelled would otherwise mean
// something else than its sender meant, such as a list of all services.
func readQuery(raw string, known []parameter) (query, []api.FieldError) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, []api.FieldError{{Field: "query", Reason: "is malformed: write name=value&name=value, other characters escaped"}}
	}
	q := query{}
	var faults []api.FieldError
	fault := func(name, reason string) { faults = append(faults, api.FieldError{Field: name, Reason: reason}) }
	for _, p := range known {
		q[p.name] = p.absent
		text := values.Get(p.name)
		switch {
		case len(values[p.name]) > 1:
			fault(p.name, "is given more than once")
		case text == "" && !p.required:
		default:
			if q[p.name], err = p.read(text); err != nil {
				fault(p.name, err.Error())
			}
		}
		delete(values, p.name)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fault(name, "is not a parameter of this call")
	}
	slices.SortStableFunc(faults, func(a, b api.FieldError) int { return cmp.Compare(a.Field, b.Field) })
	return q, faults
}

// textOf is a parameter that is looked for as it is.
func textOf(name, text string) parameter {
	return parameter{name: name, text: text, schema: openapi.Schema{"type": "string"}, absent: "",
		read: func(text string) (any, error) { return text, nil }}
}

func oneOf(name, text string, allowed []string) parameter {
	return parameter{name: name, text: text, schema: openapi.Schema{"type": "string", "enum": allowed}, absent: "",
		read: func(text string) (any, error) {
			if !slices.Contains(allowed, text) {
				return "", errors.New("must be one of " + strings.Join(allowed, ", "))
			}
			return text, nil
		}}
}

func flagOf(name, text string) parameter {
	return parameter{name: name, text: text, schema: openapi.Schema{"type": "boolean", "default": false}, absent: false,
		read: func(text string) (any, error) {
			if text != "true" && text != "false" {
				return false, errors.New("must be true or false")
			}
			return text == "true", nil
		}}
}

func countOf(name, text string, least, most, absent int) parameter {
	return parameter{name: name, text: text, absent: absent,
		schema: openapi.Schema{"type": "integer", "minimum": least, "maximum": most, "default": absent},
		read: func(text string) (any, error) {
			n, err := strconv.Atoi(text)
			if err != nil || n < least || n > most {
				return 0, errors.New("must be a number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most))
			}
			return n, nil
		}}
}

// serviceParameter is a service by its WHMCS id, which must be there.
func serviceParameter(name, text string) parameter {
	return parameter{name: name, text: text, required: true, schema: openapi.Schema{"type": "integer", "minimum": 1}, absent: 0,
		read: func(text string) (any, error) {
			id, err := strconv.Atoi(text)
			if err != nil || id <= 0 {
				return 0, errors.New("must be a WHMCS service id, above zero")
			}
			return id, nil
		}}
}

// longestIDs is how many services a query may name.
const longestIDs = 100

// idsOf is a list of services by their WHMCS ids.
func idsOf(name, text string) parameter {
	return parameter{name: name, text: text, absent: []int(nil),
		schema: openapi.Schema{"type": "string", "pattern": "^[0-9]+(,[0-9]+)*$", "examples": []string{"101,102"}},
		read: func(text string) (any, error) {
			var ids []int
			for part := range strings.SplitSeq(text, ",") {
				id, err := strconv.Atoi(part)
				if err != nil || id <= 0 || len(ids) == longestIDs {
					return []int(nil), errors.New("must be at most " + strconv.Itoa(longestIDs) + " WHMCS service ids with commas between them")
				}
				ids = append(ids, id)
			}
			return ids, nil
		}}
}

// waitParameter takes a duration or a number of seconds.
func waitParameter(absent, longest time.Duration) parameter {
	return parameter{name: "wait", absent: absent,
		text:   "How long to wait for the effect: a number of seconds or a duration such as 1.5s, at most " + longest.String() + ". The signal is safe in any case.",
		schema: openapi.Schema{"type": "string", "default": absent.String(), "examples": []string{"5s", "0"}},
		read: func(text string) (any, error) {
			wait, err := duration.Parse(text)
			if err != nil || wait > longest {
				return time.Duration(0), errors.New("must be a duration from 0s to " + longest.String())
			}
			return wait, nil
		}}
}
