package dcim

// Traffic is what a panel has counted for one server. What it does not show is nil, never 0.
// Units and period are the panel's own and not confirmed (docs/dcimanager.md 3.9).
type Traffic struct {
	// Burst is the 95th percentile of the bandwidth.
	Burst *float64
	// In and Out are volumes.
	In, Out *float64
}
