package dci5

import (
	"context"
	"math"
	"slices"
	"strconv"

	"metalease/dcim"
)

// gibibyte is the unit of volumes that are shown for people (docs/dcimanager.md 3.9).
const gibibyte = 1 << 30

// Traffic implements dcim.Backend: one report has the bursts, another the volumes of the month.
// ISPsystem's modules read one of them each, so a panel may refuse the other.
func (c *Client) Traffic(ctx context.Context) (map[string]dcim.Traffic, error) {
	bursts, refused, err := c.report(ctx, read("trafficburstable"))
	if err != nil {
		return nil, err
	}
	volumes, also, err := c.report(ctx, read("traffic", "sok", "ok", "period", "currentmonth"))
	if err != nil {
		return nil, err
	}
	if refused != nil && also != nil {
		return nil, refused
	}
	traffic := map[string]dcim.Traffic{}
	for id, row := range bursts {
		traffic[id] = dcim.Traffic{Burst: figure(row.get("burst"))}
	}
	for id, row := range volumes {
		of := traffic[id]
		of.In, of.Out = volume(row, "rx"), volume(row, "tx")
		traffic[id] = of
	}
	return traffic, nil
}

// noReport is how a panel may say that it has no such report for us.
var noReport = []dcim.Kind{dcim.KindMissed, dcim.KindAccess, dcim.KindValue, dcim.KindLicense}

// report is a report of all servers: the first row of each, by id.
func (c *Client) report(ctx context.Context, r request) (rows map[string]node, refused, err error) {
	doc, err := c.do(ctx, r)
	switch {
	case slices.Contains(noReport, dcim.KindOf(err)):
		return nil, err, nil
	case err != nil:
		return nil, nil, err
	}
	data, there := doc.child("reportdata")
	if !there {
		return nil, nil, c.fail(r, dcim.KindNotAPanel, "the answer has no element reportdata, so it is no report")
	}
	rows = map[string]node{}
	for _, row := range data.nestedRows() {
		id := row.get("id")
		if _, known := rows[id]; id != "" && !known {
			rows[id] = row
		}
	}
	return rows, nil, nil
}

// figure is a number of a report; nil when it is missing or none.
func figure(text string) *float64 {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) || number < 0 {
		return nil
	}
	return &number
}

// volume is a volume in bytes: exact where the panel says so, else as it is shown.
func volume(row node, name string) *int64 {
	shown, _ := row.child(name)
	unit, number := 1.0, figure(shown.attr("orig"))
	if number == nil {
		unit, number = gibibyte, figure(shown.text())
	}
	if number == nil || *number*unit >= math.MaxInt64 {
		return nil
	}
	bytes := int64(math.Round(*number * unit))
	return &bytes
}
