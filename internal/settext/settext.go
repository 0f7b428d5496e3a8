// Package settext sets a value by the text of its flag: what the switches of both simulators have in common.
package settext

import (
	"fmt"
	"strconv"
	"time"
)

// Set gives what field points to the value that the text says. The name is that of the flag, for errors. Field is a pointer to a
// bool, int, string or [time.Duration].
func Set(name string, field any, text string) (err error) {
	switch field := field.(type) {
	case *bool:
		*field, err = strconv.ParseBool(text)
	case *int:
		*field, err = strconv.Atoi(text)
	case *time.Duration:
		*field, err = time.ParseDuration(text)
	case *string:
		*field = text
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
