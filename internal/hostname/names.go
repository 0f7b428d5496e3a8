package hostname

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Named is the name of one address.
type Named struct{ IP, Name string }

// Names are names of addresses, in the order of the addresses' texts: in JSON one object, {"192.0.2.1": "s1.example.com"}.
type Names []Named

// UnmarshalJSON reads the object.
func (n *Names) UnmarshalJSON(text []byte) error {
	var object map[string]string
	if err := json.Unmarshal(text, &object); err != nil {
		return fmt.Errorf("must be an object of addresses and their names")
	}
	*n = nil
	for ip, name := range object {
		*n = append(*n, Named{ip, name})
	}
	slices.SortFunc(*n, func(a, b Named) int { return strings.Compare(a.IP, b.IP) })
	return nil
}

// MarshalJSON writes the object, in the same order.
func (n Names) MarshalJSON() ([]byte, error) {
	object := map[string]string{}
	for _, named := range n {
		object[named.IP] = named.Name
	}
	return json.Marshal(object)
}
