package engine

import "context"

// Lives knows what the lives of services hold.
type Lives interface {
	// Holds tells whether the life of a service of ours holds this very server of a panel.
	Holds(ctx context.Context, serviceID int, panel, serverID string) (bool, error)
}
