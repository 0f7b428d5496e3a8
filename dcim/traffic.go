package dcim

// Traffic is what a panel has counted for one server. What it does not show is nil, never 0.
type Traffic struct {
	// Burst is the 95th percentile of the bandwidth, in the panel's unit and over the panel's
	// period; neither is confirmed (docs/dcimanager.md 3.9).
	Burst *float64
	// In and Out are the bytes of the current month, as the panel reckons months.
	In, Out *int64
}
