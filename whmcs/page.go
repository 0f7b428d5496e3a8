package whmcs

import (
	"fmt"
	"net/url"
	"strconv"
)

// pageSize is how many rows one call asks for.
const pageSize = 100

// maxPages and maxListed (rows) limit what is read of one question, beside Config.MaxList.
const (
	maxPages  = 5000
	maxListed = 100_000
)

// pages reads all pages of a list. Rows may move between two pages while they are read:
// each is kept once, and a page without a new one is the last. Errors: KindTooLarge.
func pages[R any](params url.Values, id func(R) number, read func(url.Values) (total number, rows []R, err error)) ([]R, error) {
	var all []R
	known := map[number]bool{}
	params.Set("limitnum", strconv.Itoa(pageSize))
	for start, page := 0, 1; ; page++ {
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
		if page == maxPages || len(all) > maxListed {
			return nil, &Error{Action: "a list in pages", Kind: KindTooLarge, Message: fmt.Sprintf("it has more than %d rows or %d pages", maxListed, maxPages)}
		}
		start += len(rows)
		if len(all) == before || total > 0 && start >= int(total) {
			return all, nil
		}
	}
}
