package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// formFunction reads and saves the form of a server.
const formFunction = "server.edit"

// table prints one line for each row, and below it what the panel and WHMCS were asked.
func table(results []result) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(cells ...string) { _, _ = fmt.Fprintln(w, strings.Join(cells, "\t")+"\t") }
	line("per order:", "panel", "of them forms", "lists", "KiB", "WHMCS", "activities", "events", "seconds in all", "rate / bare")
	for _, r := range results {
		panel := total(r.Panel)
		line(r.Row, number(r.perOrder(panel.Requests)), number(r.perOrder(r.Panel[formFunction].Requests)), number(r.perOrder(r.Panel["server"].Requests)),
			number(float64(panel.Bytes)/1024/float64(r.Orders)), number(r.perOrder(total(r.WHMCS).Requests)), number(r.perOrder(r.Activities)), number(r.perOrder(r.Events)),
			number(r.Seconds), ratio(r.Ratio))
	}
	_ = w.Flush()
	for _, r := range results {
		fmt.Fprintf(&b, "\n%s\n  panel: %s\n", r.Row, spread(r, r.Panel))
		if len(r.WHMCS) > 0 {
			fmt.Fprintf(&b, "  WHMCS: %s\n", spread(r, r.WHMCS))
		}
	}
	return b.String()
}

// spread lists the functions by how often they were called.
func spread(r result, counts map[string]count) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if by := counts[b].Requests - counts[a].Requests; by != 0 {
			return by
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = name + " " + number(r.perOrder(counts[name].Requests))
	}
	return strings.Join(names, ", ")
}

func number(n float64) string {
	if n >= 100 {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.1f", n)
}

func ratio(r float64) string {
	if r == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", r)
}
