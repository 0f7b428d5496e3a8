package dci5

import (
	"context"

	"metalease/dcim"
)

// Addresses implements dcim.Backend. Headings of networks are left out, and rows below them
// are not (docs/dcimanager.md 3.7).
func (c *Client) Addresses(ctx context.Context, serverID string) ([]dcim.Address, error) {
	doc, err := c.do(ctx, read("iplist", "elid", serverID))
	if err != nil {
		return nil, err
	}
	var addresses []dcim.Address
	for _, row := range doc.nestedRows() {
		if row.get("type") != "group" {
			addresses = append(addresses, dcim.Address{ID: row.get("id"), IP: row.get("ip"), Domain: row.get("domain")})
		}
	}
	return addresses, nil
}

// AddAddress implements dcim.Backend. Unlike ISPsystem's module it notices a refusal, and an
// answer that holds no address (docs/dcimanager.md 7.13).
func (c *Client) AddAddress(ctx context.Context, serverID string, in dcim.NewAddress) (dcim.Address, error) {
	r := write("iplist.edit", "plid", serverID, "sok", "ok", "domain", in.Domain, "iptype", in.Group, "ip", "", "family", in.Family)
	doc, err := c.do(ctx, r)
	if err != nil {
		return dcim.Address{}, err
	}
	added := dcim.Address{ID: doc.get("id"), IP: doc.get("ip"), Domain: in.Domain}
	if added.IP == "" {
		return dcim.Address{}, c.doubt(r, "the panel reported no error, but no new address either")
	}
	return added, nil
}

// NameAddress implements dcim.Backend (docs/dcimanager.md 5).
func (c *Client) NameAddress(ctx context.Context, serverID, addressID, domain string) error {
	_, err := c.do(ctx, write("iplist.edit", "elid", addressID, "sok", "ok", "plid", serverID, "domain", domain))
	return err
}

// DeleteAddress implements dcim.Backend.
func (c *Client) DeleteAddress(ctx context.Context, serverID, addressID string) error {
	_, err := c.do(ctx, write("iplist.delete", "elid", addressID, "plid", serverID))
	return err
}
