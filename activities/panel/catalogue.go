package panel

import (
	"context"
	"maps"
	"slices"
)

// Packages lists what the servers of the panel are, sorted: every Configuration and every
// Server Type, for a product's "Package Name" matches either (docs/dcimanager.md R2).
func (p *Panel) Packages(ctx context.Context) ([]string, error) {
	listing, err := promptly(ctx, p, p.Reader.Cached)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, server := range listing.Servers {
		names[server.Configuration], names[server.Type] = true, true
	}
	delete(names, "")
	return append([]string{}, slices.Sorted(maps.Keys(names))...), nil
}

// Template is an OS template of a panel.
type Template struct {
	// ID is what an order carries, such as ISPsystem__Debian-12-x86_64.
	ID string `json:"id"`
	// Name is what people read.
	Name string `json:"name"`
}

// Templates lists the OS templates of the panel, in its order.
func (p *Panel) Templates(ctx context.Context) ([]Template, error) {
	found, err := promptly(ctx, p, p.backend.Templates)
	if err != nil {
		return nil, err
	}
	templates := make([]Template, 0, len(found))
	for _, template := range found {
		templates = append(templates, Template{template.ID, template.Title})
	}
	return templates, nil
}
