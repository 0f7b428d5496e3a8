package gateway

import (
	"net/http"
	"strconv"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// Started is the answer of POST /v1/services.
type Started struct {
	ServiceID int `json:"service_id"`
	// Started is false when the service ran already.
	Started bool `json:"started"`
}

func (g *gateway) start(c call) (reply, error) {
	_, answer, err := g.startOrder(c.Context(), c.body)
	return answer, err
}

// pathOf is where the status of a service is.
func pathOf(id int) string { return "/v1/services/" + strconv.Itoa(id) }

// serviceID reads the id of the path; an id that is none is an unknown service.
func serviceID(c call) (int, error) {
	id, err := pathParameters["id"].read(c.PathValue("id"))
	if err != nil {
		return 0, control.ErrUnknownService
	}
	return id.(int), nil
}

func (g *gateway) status(c call) (reply, error) {
	id, err := serviceID(c)
	if err != nil {
		return reply{}, err
	}
	status, err := g.Control.Status(c.Context(), id)
	return reply{status: http.StatusOK, body: status}, err
}

// Sizes of a page.
const (
	defaultPage = 50
	largestPage = 500
)

func (g *gateway) list(c call) (reply, error) {
	text := func(name string) string { return value[string](c.query, name) }
	filter := control.Filter{
		Phase: text("phase"), ClientID: text("client_id"), Panel: text("panel"), IP: text("ip"),
		Attention: value[bool](c.query, "attention"), IDs: value[[]int](c.query, "ids"),
	}
	page, err := g.Control.List(c.Context(), filter, text("page_token"), value[int](c.query, "page_size"))
	return reply{status: http.StatusOK, body: page}, err
}

func phaseNames() []string {
	var names []string
	for _, phase := range api.Phases {
		names = append(names, string(phase))
	}
	return names
}
