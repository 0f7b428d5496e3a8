package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads "720s", "72h", "3d" and "1d12h". A day is 24 hours. A bare number but 0 is an error, as is a negative duration.
func ParseDuration(text string) (time.Duration, error) {
	if strings.HasPrefix(text, "-") {
		return 0, errors.New("is negative")
	}
	wrong := errors.New(`is not a duration; write it like "90s", "10m", "72h" or "3d"`)
	head, rest, hasDays := strings.Cut(text, "d")
	if !hasDays {
		head, rest = "0", text
	}
	days, err := strconv.ParseUint(head, 10, 16)
	if err != nil {
		return 0, wrong
	}
	total := time.Duration(days) * 24 * time.Hour
	if hasDays && rest == "" {
		return total, nil
	}
	if strings.ContainsAny(rest, "+-") {
		return 0, wrong
	}
	part, err := time.ParseDuration(rest)
	if err != nil {
		return 0, wrong
	}
	if total > 0 && part > 1<<63-1-total {
		return 0, errors.New("is too long")
	}
	return total + part, nil
}
