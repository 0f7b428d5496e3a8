package proving

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"metalease/dcim"
)

// ErrNotFree is a server that a drill does not touch.
var ErrNotFree = errors.New("only a free server is drilled")

// Candidate is a server before a drill, for the question to a person.
type Candidate struct{ Label string }

// Inspect tells whether a server may be drilled. Errors: ErrNotFree, with the reason.
func (p *Prover) Inspect(ctx context.Context, serverID string) (Candidate, error) {
	_, label, err := p.before(ctx, serverID)
	return Candidate{Label: label}, err
}

// before looks at the server that is to be drilled.
func (p *Prover) before(ctx context.Context, serverID string) (b Before, label string, err error) {
	server, err := p.server(ctx, serverID)
	if err != nil {
		return b, "", err
	}
	record, err := p.Client.Record(ctx, serverID)
	if err != nil {
		return b, "", err
	}
	why := ""
	switch {
	case !server.Free():
		why = "the panel does not show it as free: no owner, host name " + dcim.FreeHostname + ", neither blocked nor broken nor in diagnostics"
	case server.Installing:
		why = "an operation runs on it"
	case record.ID != serverID:
		why = "the panel showed the form of another server"
	case record.Owner != "":
		why = "its form names an owner"
	case strings.Contains(record.Notes, "metalease:"):
		why = "its notes carry a mark"
	case strings.ContainsRune(record.Notes, utf8.RuneError):
		why = "its notes hold characters that cannot be read, so they could not be put back: empty them, or take another server"
	}
	if why != "" {
		return b, record.Label, fmt.Errorf("server %s: %w: %s", serverID, ErrNotFree, why)
	}
	addresses, err := p.Client.Addresses(ctx, serverID)
	if err != nil {
		return b, record.Label, err
	}
	b = Before{Notes: record.Notes, Hostname: server.Hostname, PowerOn: server.PowerOn, PowerOff: server.PowerOff, Failed: server.OperationFailed}
	for _, a := range addresses {
		b.Addresses = append(b.Addresses, a.ID)
		if a.IP == server.IP {
			b.Main = a.ID
		}
	}
	if b.Main == "" {
		return b, record.Label, fmt.Errorf("server %s: %w: its main address is not in its list of addresses", serverID, ErrNotFree)
	}
	b.Template, err = p.Client.InstalledTemplate(ctx, serverID)
	return b, record.Label, err
}

func (p *Prover) server(ctx context.Context, id string) (dcim.Server, error) {
	servers, err := p.Client.Servers(ctx)
	if err != nil {
		return dcim.Server{}, err
	}
	for _, s := range servers {
		if s.ID == id {
			return s, nil
		}
	}
	return dcim.Server{}, fmt.Errorf("the panel lists no server %s", id)
}
