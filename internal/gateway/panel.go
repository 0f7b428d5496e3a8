package gateway

import (
	"net/http"

	"metalease/activities/panel"
)

func (g *gateway) panel(c call) (reply, error) {
	health, err := g.Control.Health(c.Context(), c.PathValue("panel"))
	return reply{status: http.StatusOK, body: health}, err
}

// Packages is the answer of GET /v1/panels/{panel}/packages.
type Packages struct {
	Packages []string `json:"packages"`
}

func (g *gateway) packages(c call) (reply, error) {
	packages, err := g.Control.Packages(c.Context(), c.PathValue("panel"))
	return reply{status: http.StatusOK, body: Packages{packages}}, err
}

// Templates is the answer of GET /v1/panels/{panel}/templates.
type Templates struct {
	Templates []panel.Template `json:"templates"`
}

func (g *gateway) templates(c call) (reply, error) {
	templates, err := g.Control.Templates(c.Context(), c.PathValue("panel"))
	return reply{status: http.StatusOK, body: Templates{templates}}, err
}

// Servers is the answer of GET /v1/panels/{panel}/servers.
type Servers struct {
	Servers []panel.MarkedServer `json:"servers"`
}

func (g *gateway) servers(c call) (reply, error) {
	servers, err := g.Control.Marked(c.Context(), c.PathValue("panel"), value[int](c.query, "service_id"))
	return reply{status: http.StatusOK, body: Servers{servers}}, err
}

func (g *gateway) stock(c call) (reply, error) {
	stock, err := g.Control.Stock(c.Context(), c.PathValue("panel"), false)
	return reply{status: http.StatusOK, body: stock}, err
}
