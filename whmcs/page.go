package whmcs

import (
	"net/url"
	"strconv"
)

// pageSize is how many rows one call asks for.
const pageSize = 100

// pages reads all pages of a list. Rows may move between two pages while they are read:
// each is kept once, and a page without a new one is the last.
func pages[R any](params url.Values, id func(R) number, read func(url.Values) (total number, rows []R, err error)) ([]R, error) {
	var all []R
	known := map[number]bool{}
	params.Set("limitnum", strconv.Itoa(pageSize))
	for start := 0; ; {
		params.Set("limitstart", strconv.Itoa(start))
		total, rows, err := read(params)
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, row := range rows {
			if !known[id(row)] {
				known[id(row)] = true
				all = append(all, row)
			}
		}
		start += len(rows)
		if len(all) == before || total > 0 && start >= int(total) {
			return all, nil
		}
	}
}
