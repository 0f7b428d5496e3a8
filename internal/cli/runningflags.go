package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"metalease/internal/hostname"
)

// countFlag is a count that leaves things as they are when it is not given: nil is not zero.
type countFlag struct{ n **int }

// String implements pflag.Value.
func (c *countFlag) String() string {
	if c.n == nil || *c.n == nil {
		return ""
	}
	return strconv.Itoa(**c.n)
}

// Set implements pflag.Value.
func (c *countFlag) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return errors.New("must be a count")
	}
	*c.n = &n
	return nil
}

// Type implements pflag.Value.
func (*countFlag) Type() string { return "count" }

// namesFlag collects the names of addresses.
type namesFlag hostname.Names

// String implements pflag.Value.
func (n *namesFlag) String() string {
	var all []string
	for _, named := range *n {
		all = append(all, named.IP+"="+named.Name)
	}
	return strings.Join(all, ",")
}

// Set implements pflag.Value.
func (n *namesFlag) Set(text string) error {
	ip, name, found := strings.Cut(text, "=")
	if !found {
		return errors.New("must be IP=HOST")
	}
	if slices.ContainsFunc(*n, func(named hostname.Named) bool { return named.IP == ip }) {
		return fmt.Errorf("%s is named twice", ip)
	}
	*n = append(*n, hostname.Named{IP: ip, Name: name})
	return nil
}

// Type implements pflag.Value.
func (*namesFlag) Type() string { return "names" }
