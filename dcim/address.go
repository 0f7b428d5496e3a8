package dcim

import "context"

// Address is one IP address of a server.
type Address struct{ ID, IP, Domain string }

// Addresses lists the server's addresses, the main one among them. Headings of
// networks are left out, and rows below them are not (docs/dcimanager.md 3.7).
func (c *Client) Addresses(ctx context.Context, serverID string) ([]Address, error) {
	doc, err := c.do(ctx, ask("iplist", "elid", serverID))
	if err != nil {
		return nil, err
	}
	var addresses []Address
	for _, row := range doc.nestedRows() {
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

// AddAddress adds an address to the server. Unlike today's module it notices a
// refusal, and an answer that holds no address (docs/dcimanager.md 7.13).
func (c *Client) AddAddress(ctx context.Context, serverID string, in NewAddress) (Address, error) {
	r := order("iplist.edit", "plid", serverID, "sok", "ok", "domain", in.Domain, "iptype", in.Group, "ip", "", "family", in.Family)
	doc, err := c.do(ctx, r)
	if err != nil {
		return Address{}, err
	}
	added := Address{doc.get("id"), doc.get("ip"), in.Domain}
	if added.IP == "" {
		return Address{}, c.fail(r, KindMayHaveHappened, "the panel reported no error, but no new address either")
	}
	return added, nil
}

// SetAddressDomain names one address; the name of the main one is the server's
// hostname (docs/dcimanager.md 5).
func (c *Client) SetAddressDomain(ctx context.Context, serverID, addressID, domain string) error {
	_, err := c.do(ctx, order("iplist.edit", "elid", addressID, "sok", "ok", "plid", serverID, "domain", domain))
	return err
}

// DeleteAddress takes an address from the server.
func (c *Client) DeleteAddress(ctx context.Context, serverID, addressID string) error {
	_, err := c.do(ctx, order("iplist.delete", "elid", addressID, "plid", serverID))
	return err
}
