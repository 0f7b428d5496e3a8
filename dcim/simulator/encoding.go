package simulator

import (
	"fmt"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// Encoding is how XML answers are written. The zero value is UTF-8, and said to be so.
type Encoding struct {
	// Name of the encoding, such as windows-1251; empty is UTF-8.
	Name string
	// Undeclared still says UTF-8, so that whatever is not ASCII is wrong UTF-8.
	Undeclared bool
}

func (e Encoding) check() error {
	if e.Name == "" {
		return nil
	}
	if _, err := htmlindex.Get(e.Name); err != nil {
		return fmt.Errorf("encoding %q is not known", e.Name)
	}
	return nil
}

func (e Encoding) declared() string {
	if e.Name == "" || e.Undeclared {
		return "UTF-8"
	}
	return e.Name
}

func (e Encoding) encode(text []byte) []byte {
	known, err := htmlindex.Get(e.Name)
	if err != nil {
		return text // UTF-8, for any other name was checked
	}
	encoded, err := encoding.ReplaceUnsupported(known.NewEncoder()).Bytes(text)
	if err != nil {
		return text
	}
	return encoded
}
