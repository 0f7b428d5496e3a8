package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/idna"
)

// OtherSystem is a call of a WHMCS that is not the one whose calls are served.
type OtherSystem struct{ Known, Said string }

// Error says what to do.
func (o *OtherSystem) Error() string {
	return fmt.Sprintf("this gateway serves the WHMCS at %s, and the call says %s. If that is a copy of it, give it a metalease of its own, or none: nothing was done. "+
		"If WHMCS itself has moved there: starter installation move --to %s", o.Known, o.Said, o.Said)
}

// ErrNoSystem is a System URL that is none.
var ErrNoSystem = errors.New("the System URL must be an http or https address with a host, such as https://billing.example.com/whmcs/")

// System finds out whether a System URL is that of the WHMCS whose calls are served. The first one that it is asked about is.
// It needs no worker. Errors: *[OtherSystem], ErrNoSystem.
func (c *Control) System(ctx context.Context, said string) error {
	wanted, err := systemKey(said)
	if err != nil {
		return err
	}
	known, err := c.remember(ctx, theSystem, said)
	if err != nil {
		return err
	}
	if key, err := systemKey(known); err != nil || key != wanted {
		return &OtherSystem{known, said}
	}
	return nil
}

// MoveSystem has the calls of another WHMCS served, and of the one before no longer. Error: ErrNoSystem.
func (c *Control) MoveSystem(ctx context.Context, to string) error {
	if _, err := systemKey(to); err != nil {
		return err
	}
	return c.replace(ctx, theSystem, to)
}

// longestSystem is far above the longest address that anybody has, in bytes.
const longestSystem = 500

// systemKey is what two System URLs of one WHMCS have in common. What is left out says nothing of which WHMCS it is: capitals of
// the host, the default port, slashes at the end, and the scheme, which a host changes when it gets its certificate.
func systemKey(system string) (string, error) {
	address, err := url.Parse(strings.TrimSpace(system))
	if err != nil || len(system) > longestSystem || address.Hostname() == "" {
		return "", ErrNoSystem
	}
	defaultPort, web := map[string]string{"http": "80", "https": "443"}[address.Scheme]
	if !web {
		return "", ErrNoSystem
	}
	host := strings.ToLower(strings.TrimSuffix(address.Hostname(), "."))
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	if port := address.Port(); port != "" && port != defaultPort {
		host = net.JoinHostPort(host, port)
	}
	return strings.TrimSuffix(host+path.Join("/", address.Path), "/"), nil
}
