package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// figure is one number that a row has measured.
type figure struct {
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
	// Reference is the same of something else, measured in the same run; 0 where there is none.
	Reference float64 `json:"reference,omitempty"`
	To        string  `json:"to,omitempty"`
	Ratio     float64 `json:"ratio,omitempty"`
	// Aim is what is aimed at, and Reached tells whether it was; nil where nothing is.
	Aim     string `json:"aim,omitempty"`
	Reached *bool  `json:"reached,omitempty"`
}

// to compares with a reference.
func (f figure) to(reference float64, what string) figure {
	f.Reference, f.To = reference, what
	if reference != 0 {
		f.Ratio = f.Value / reference
	}
	return f
}

func (f figure) most(aim float64) figure { return f.aimed("≤ "+number(aim), f.Value <= aim) }

// leastRatio and mostRatio aim at a share of the reference.
func (f figure) leastRatio(aim float64) figure {
	return f.aimed(fmt.Sprintf("ratio ≥ %.2f", aim), f.Ratio >= aim)
}

func (f figure) mostRatio(aim float64) figure {
	return f.aimed(fmt.Sprintf("ratio ≤ %.2f", aim), f.Reference != 0 && f.Ratio <= aim)
}

func (f figure) aimed(aim string, reached bool) figure {
	f.Aim, f.Reached = aim, &reached
	return f
}

// percentile is the smallest value that so many percent of all do not exceed; 0 of nothing.
func percentile[T cmp.Ordered](values []T, percent int) (value T) {
	if len(values) == 0 {
		return value
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := (len(sorted)*percent + 99) / 100 // rounded up
	return sorted[max(0, rank-1)]
}

// spans are the median and the 99th percentile of times, the latter with an aim; 0 is none.
func spans(what string, times []time.Duration, aim time.Duration) []figure {
	median := figure{What: what + ", p50", Value: percentile(times, 50).Seconds(), Unit: "s"}
	worst := figure{What: what + ", p99", Value: percentile(times, 99).Seconds(), Unit: "s"}
	if aim > 0 {
		worst = worst.most(aim.Seconds())
	}
	return []figure{median, worst}
}

// sizes of a unit.
const (
	kib = 1 << 10
	mib = 1 << 20
)
