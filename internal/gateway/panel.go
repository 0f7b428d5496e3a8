package gateway

import (
	"net/http"
	"strconv"

	"metalease/activities/panel"
	"metalease/workflows/api"
)

func (g *gateway) panel(w http.ResponseWriter, r *http.Request) {
	health, err := g.Control.Health(r.Context(), r.PathValue("panel"))
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, health)
}

func (g *gateway) packages(w http.ResponseWriter, r *http.Request) {
	packages, err := g.Control.Packages(r.Context(), r.PathValue("panel"))
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Packages []string `json:"packages"`
	}{packages})
}

func (g *gateway) templates(w http.ResponseWriter, r *http.Request) {
	templates, err := g.Control.Templates(r.Context(), r.PathValue("panel"))
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Templates []panel.Template `json:"templates"`
	}{templates})
}

// servers lists the servers that carry a service's mark; never all servers of a panel.
func (g *gateway) servers(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.URL.Query().Get("service_id"))
	if err != nil || id <= 0 {
		parameters(api.FieldError{Field: "service_id", Reason: "must be a WHMCS service id, above zero"}).write(w)
		return
	}
	servers, err := g.Control.Marked(r.Context(), r.PathValue("panel"), id)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Servers []panel.MarkedServer `json:"servers"`
	}{servers})
}
