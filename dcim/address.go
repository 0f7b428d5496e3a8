package dcim

import "context"

// Address is one IP address of a server.
type Address struct{ ID, IP, Domain string }

// Addresses lists the server's addresses; headings of networks are left out
// (reference 3.7).
func (c *Client) Addresses(ctx context.Context, serverID string) ([]Address, error) {
	doc, err := c.read(ctx, "iplist", "elid", serverID)
	if err != nil {
		return nil, err
	}
	var addresses []Address
	for _, row := range doc.rows() {
		if row.get("type") != "group" {
			addresses = append(addresses, Address{row.get("id"), row.get("ip"), row.get("domain")})
		}
	}
	return addresses, nil
}

// NewAddress asks the panel for an address of its own choice.
type NewAddress struct {
	Domain string
	// Group is the address group, such as public.
	Group string
	// Family is ipv4 or ipv6.
	Family string
}

// AddAddress adds an address. Unlike today's module, it sees a refusal
// (reference section 7.13).
func (c *Client) AddAddress(ctx context.Context, serverID string, a NewAddress) (Address, error) {
	doc, err := c.change(ctx, "iplist.edit", "plid", serverID, "sok", "ok", "domain", a.Domain, "iptype", a.Group, "ip", "", "family", a.Family)
	if err != nil {
		return Address{}, err
	}
	return Address{doc.get("id"), doc.get("ip"), a.Domain}, nil
}

// SetAddressDomain names one address; the name of the main one is the server's
// hostname (reference section 5).
func (c *Client) SetAddressDomain(ctx context.Context, serverID, addressID, domain string) error {
	_, err := c.change(ctx, "iplist.edit", "elid", addressID, "sok", "ok", "plid", serverID, "domain", domain)
	return err
}

// DeleteAddress takes an address from the server.
func (c *Client) DeleteAddress(ctx context.Context, serverID, addressID string) error {
	_, err := c.change(ctx, "iplist.delete", "elid", addressID, "plid", serverID)
	return err
}
