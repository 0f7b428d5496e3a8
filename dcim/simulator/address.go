package simulator

import (
	"net/netip"
	"slices"
	"strings"
)

// listAddresses lists the addresses of a server below a heading row for each
// network (docs/dcimanager.md 3.7).
func listAddresses(c *call) (*node, error) {
	s, err := c.server("elid")
	if err != nil {
		return nil, err
	}
	doc := list()
	var networks []string
	for _, a := range s.Addresses {
		if network := networkOf(a.IP); !slices.Contains(networks, network) {
			networks = append(networks, network)
			doc.add(row(field("id", "g"+number(len(networks))), field("type", "group"), field("ip", network)))
		}
		doc.add(row(field("id", a.ID), field("ip", c.spell(a.IP)), field("domain", a.Domain)))
	}
	return doc, nil
}

// spell is how address lists write an address; the list of servers may write it otherwise.
func (c *call) spell(text string) string {
	ip, err := netip.ParseAddr(text)
	if err != nil || !c.cfg.LongIPv6 {
		return text
	}
	return ip.StringExpanded()
}

func networkOf(text string) string {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	bits := 24
	if ip.Is6() {
		bits = 64
	}
	return netip.PrefixFrom(ip, bits).Masked().String()
}

// editAddress shows, names or adds an address.
func editAddress(c *call) (*node, error) {
	s, err := c.server("plid")
	if err != nil {
		return nil, err
	}
	id := c.get("elid")
	if id == "" {
		if !c.user.admin() {
			return nil, denied("iplist.edit", s.ID)
		}
		if !c.saves() {
			return document(field("plid", s.ID)), nil
		}
		return c.addAddress(s)
	}
	i := s.address(id)
	if i < 0 {
		return nil, missed("elid", id)
	}
	if !c.saves() {
		a := s.Addresses[i]
		return document(field("elid", a.ID), field("plid", s.ID), field("ip", a.IP), field("domain", a.Domain)), nil
	}
	domain, err := c.goodDomain()
	if err != nil {
		return nil, err
	}
	s.Addresses[i].Domain = domain
	s.Tenancy.Touched = true
	return done(field("id", id)), nil
}

func (c *call) goodDomain() (string, error) {
	domain := c.get("domain")
	if domain == "" || len(domain) > 253 || strings.ContainsAny(domain, " \t\r\n/@:") {
		return "", badValue("domain", domain, "it is no domain name")
	}
	if c.cfg.LowerCaseDomains {
		domain = strings.ToLower(domain)
	}
	return domain, nil
}

func (c *call) addAddress(s *Server) (*node, error) {
	domain, err := c.goodDomain()
	if err != nil {
		return nil, err
	}
	group, wanted := c.get("iptype"), c.get("family")
	switch {
	case !slices.Contains(c.cfg.AddressGroups, group):
		return nil, badValue("iptype", group, "the groups are "+strings.Join(c.cfg.AddressGroups, ", "))
	case wanted != familyIPv4 && wanted != familyIPv6:
		return nil, badValue("family", wanted, "it must be ipv4 or ipv6")
	}
	ip, err := c.chooseIP(c.get("ip"), wanted)
	if err != nil {
		return nil, err
	}
	a := Address{ID: c.newID(), IP: ip, Domain: domain, Family: wanted, Group: group}
	s.Addresses = append(s.Addresses, a)
	s.Tenancy.Touched = true
	return done(field("id", a.ID), field("ip", a.IP)), nil
}

// chooseIP takes the wanted address, or the first free one of the pool.
func (p *Panel) chooseIP(wanted, family string) (string, error) {
	used := p.usedIPs()
	if wanted != "" {
		ip, err := netip.ParseAddr(wanted)
		switch {
		case err != nil || ip.Is4() != (family == familyIPv4):
			return "", badValue("ip", wanted, "it is no address of this family")
		case used[ip.String()]:
			return "", &refusal{typeExists, "ip", wanted, "The address is in use"}
		}
		return ip.String(), nil
	}
	for n := 1; n <= p.cfg.PoolSize; n++ {
		if ip := poolIP(family, n); !used[ip] {
			return ip, nil
		}
	}
	return "", &refusal{p.cfg.PoolErrorType, "ip", "", "There is no free " + family + " address"}
}

func poolIP(family string, n int) string {
	if family == familyIPv6 {
		return nth(poolIPv6, n).String()
	}
	return nth(poolIPv4, n).String()
}

func (p *Panel) usedIPs() map[string]bool {
	used := map[string]bool{}
	for _, s := range p.servers {
		for _, a := range s.Addresses {
			used[a.IP] = true
		}
	}
	return used
}

// deleteAddress takes any address, the main one too: then the server has no
// hostname any more (docs/dcimanager.md 5).
func deleteAddress(c *call) (*node, error) {
	s, err := c.server("plid")
	if err != nil {
		return nil, err
	}
	i := s.address(c.get("elid"))
	if i < 0 {
		return nil, missed("elid", c.get("elid"))
	}
	s.Addresses = slices.Delete(s.Addresses, i, i+1)
	s.Tenancy.Touched = true
	return done(), nil
}
