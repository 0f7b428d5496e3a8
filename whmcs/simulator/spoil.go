package simulator

import (
	"bytes"
	"net/url"
)

// spoiled stands in a text until the answer is encoded: JSON could not carry what takes its place.
const spoiled = "\ue001"

// spoilRows spoils the row of one service, or of all, in an answer of GetClientsProducts.
func (f *Fault) spoilRows(answer object, asked url.Values) {
	if f == nil {
		return
	}
	products, _ := answer["products"].(object)
	rows, _ := products["product"].([]object)
	for _, row := range rows {
		switch spoil := f.Service == 0 || row["id"] == f.Service; {
		case spoil && f.Effect == "odd-row":
			row["configoptions"] = object{"configoption": object{"IP": "2", "os": "Debian 12"}}
		case spoil && (f.Effect == "control" || f.Effect == "bad-utf8" || f.Effect == "latin1"):
			row["notes"] = "Z" + spoiled + "rich"
		}
	}
	if f.Effect == "endless" {
		var more []object
		start := id(asked, "limitstart")
		for i := range 100 {
			more = append(more, object{"id": 1_000_000 + start + i, "clientid": asked.Get("clientid"), "status": "Active"})
		}
		answer["totalresults"], answer["products"] = 1_000_000_000, object{"product": more}
	}
}

// spoilText spoils an encoded answer, and tells its content type.
func (f *Fault) spoilText(body []byte) ([]byte, string) {
	kind := "application/json"
	if f == nil {
		return body, kind
	}
	with := spoiled
	switch f.Effect {
	case "control":
		with = "\x01\n"
	case "bad-utf8":
		with = "\xfc\xff"
	case "latin1":
		with, kind = "\xfc", "application/json; charset=ISO-8859-1"
	}
	return bytes.ReplaceAll(body, []byte(spoiled), []byte(with)), kind
}
