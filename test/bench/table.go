package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// formFunction reads and saves the form of a server, listFunction lists servers.
const (
	formFunction = "server.edit"
	listFunction = "server"
)

// table prints what Temporal was, one line for each figure, and below what the panel and WHMCS were asked for each order.
func table(results []result) string {
	var b strings.Builder
	if len(results) > 0 { // one run has one store
		fmt.Fprintf(&b, "Temporal: %s\n\n", results[0].Temporal)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(cells ...string) { _, _ = fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t")) }
	line("row", "figure", "measured", "reference", "ratio", "aim", "")
	for _, r := range results {
		name := r.Row
		for _, f := range r.Figures {
			line(name, f.What, measured(f.Value, f.Unit), reference(f), ratio(f.Ratio), f.Aim, verdict(f.Reached))
			name = ""
		}
	}
	_ = w.Flush()
	for _, r := range results {
		if len(r.Panel) > 0 {
			fmt.Fprintf(&b, "\n%s, for each of %d\n  panel: %s\n", r.Row, r.Orders, spread(r.Orders, r.Panel))
		}
		if len(r.WHMCS) > 0 {
			fmt.Fprintf(&b, "  WHMCS: %s\n", spread(r.Orders, r.WHMCS))
		}
	}
	return b.String()
}

func measured(value float64, unit string) string {
	return strings.TrimSpace(number(value) + " " + unit)
}

func reference(f figure) string {
	if f.To == "" {
		return ""
	}
	return measured(f.Reference, f.Unit) + " " + f.To
}

func verdict(reached *bool) string {
	switch {
	case reached == nil:
		return ""
	case *reached:
		return "reached"
	}
	return "MISSED"
}

// spread lists the functions by how often they were called.
func spread(orders int, counts map[string]count) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if by := counts[b].Requests - counts[a].Requests; by != 0 {
			return by
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = name + " " + number(float64(counts[name].Requests)/float64(orders))
	}
	return strings.Join(names, ", ")
}

// number has three digits that count.
func number(n float64) string {
	switch {
	case n == 0 || n >= 100:
		return fmt.Sprintf("%.0f", n)
	case n >= 10:
		return fmt.Sprintf("%.1f", n)
	case n >= 1:
		return fmt.Sprintf("%.2f", n)
	}
	return fmt.Sprintf("%.3g", n)
}

func ratio(r float64) string {
	if r == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", r)
}
