package gateway

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// started is the answer of POST /v1/services.
type started struct {
	ServiceID int `json:"service_id"`
	// Started is false when the service ran already.
	Started bool `json:"started"`
}

func (g *gateway) start(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	order, err := control.ReadOrder(body, g.Panels)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	done, err := g.Control.Start(r.Context(), order)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	code := http.StatusOK
	if done {
		code = http.StatusCreated
		w.Header().Set("Location", "/v1/services/"+strconv.Itoa(order.ServiceID))
	}
	answer(w, code, started{order.ServiceID, done})
}

// serviceID reads the id of the path; an id that is none is an unknown service.
func serviceID(r *http.Request) (int, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id <= 0 {
		return 0, control.ErrUnknownService
	}
	return id, nil
}

func (g *gateway) status(w http.ResponseWriter, r *http.Request) {
	id, err := serviceID(r)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	status, err := g.Control.Status(r.Context(), id)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, status)
}

// Sizes of a page.
const (
	defaultPage = 50
	largestPage = 500
)

func (g *gateway) list(w http.ResponseWriter, r *http.Request) {
	query, faults := listQueryOf(r.URL.Query())
	if len(faults) > 0 {
		parameters(faults...).write(w)
		return
	}
	page, err := g.Control.List(r.Context(), query.filter, query.token, query.size)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, page)
}

type listQuery struct {
	filter control.Filter
	token  string
	size   int
}

// listQueryOf is strict: a filter that is misspelled would list every service.
func listQueryOf(values url.Values) (listQuery, []api.FieldError) {
	q := listQuery{size: defaultPage}
	var faults []api.FieldError
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if reason := q.set(name, values.Get(name)); reason != "" {
			faults = append(faults, api.FieldError{Field: name, Reason: reason})
		}
	}
	return q, faults
}

// set returns what is wrong with the value; an empty one is a filter that is not used.
func (q *listQuery) set(name, value string) (reason string) {
	switch name {
	case "phase":
		q.filter.Phase = value
		if value != "" && !slices.Contains(api.Phases, api.Phase(value)) {
			return "must be one of " + phaseNames()
		}
	case "client_id":
		q.filter.ClientID = value
	case "panel":
		q.filter.Panel = value
	case "ip":
		q.filter.IP = value
	case "attention":
		q.filter.Attention = value == "true"
		if value != "" && value != "true" && value != "false" {
			return "must be true or false"
		}
	case "page_token":
		q.token = value
	case "page_size":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > largestPage {
			return "must be a number from 1 to " + strconv.Itoa(largestPage)
		}
		q.size = n
	default:
		return "is not a parameter of this list"
	}
	return ""
}

func phaseNames() string {
	var names []string
	for _, phase := range api.Phases {
		names = append(names, string(phase))
	}
	return strings.Join(names, ", ")
}
