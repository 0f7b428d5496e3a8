package simulator

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"

	"github.com/goccy/go-yaml"
)

const (
	maxServers = 60000
	maxPool    = 60000
	perRack    = 20
)

// Networks for benchmarks and for documentation: they belong to nobody.
var (
	mainNetwork = netip.MustParsePrefix("198.18.0.0/16")
	poolIPv4    = netip.MustParsePrefix("198.19.0.0/16")
	poolIPv6    = netip.MustParsePrefix("2001:db8::/64")
)

// fleetFile is the form of --fleet.
type fleetFile struct {
	Users   []User   `yaml:"users"`
	Servers []Server `yaml:"servers"`
}

// readFleet reads a fleet from YAML; unknown keys are errors.
func readFleet(name string) (fleetFile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return fleetFile{}, fmt.Errorf("fleet: %w", err)
	}
	var fleet fleetFile
	if err := yaml.UnmarshalWithOptions(text, &fleet, yaml.Strict()); err != nil {
		return fleetFile{}, fmt.Errorf("fleet %s: %w", name, err)
	}
	return fleet, nil
}

// makeFleet spreads n servers over the packages.
func makeFleet(n int, packages []string) []Server {
	fleet := make([]Server, n)
	for i := range fleet {
		fleet[i] = Server{ID: number(i + 1), Type: packages[i%len(packages)]}
	}
	return fleet
}

// install puts the fleet into the panel, completing each server.
func (p *Panel) install(fleet []Server) error {
	types := map[string]string{}
	for i, server := range fleet {
		if server.ID == "" {
			server.ID = number(i + 1)
		}
		if p.byID[server.ID] != nil {
			return fmt.Errorf("fleet: two servers have the id %s", server.ID)
		}
		if err := p.fill(&server, i, types); err != nil {
			return fmt.Errorf("fleet: server %s: %w", server.ID, err)
		}
		p.add(server)
	}
	return nil
}

func (p *Panel) add(server Server) {
	kept := server.clone()
	p.servers = append(p.servers, &kept)
	p.byID[kept.ID] = &kept
}

func (p *Panel) fill(s *Server, position int, types map[string]string) error {
	place := position + 1
	if id, err := strconv.Atoi(s.ID); err == nil && id > 0 && id < maxServers {
		place = id
	}
	rack := (place - 1) / perRack
	unit := (place-1)%perRack + 1
	if s.Type == "" && s.ChassisTemplate == "" {
		s.Type = defaultPackage
	}
	setDefault(&s.Type, s.ChassisTemplate)
	setDefault(&s.ChassisTemplate, s.Type)
	if types[s.Type] == "" {
		types[s.Type] = number(len(types) + 1)
	}
	if p.cfg.FormTypeAsText {
		setDefault(&s.TypeID, s.Type)
	}
	setDefault(&s.TypeID, types[s.Type])
	setDefault(&s.Name, fmt.Sprintf("A%d-%02d", rack+1, unit))
	setDefault(&s.Rack, fmt.Sprintf("A%d (%d)", rack+1, unit))
	setDefault(&s.Description, "Server "+s.Type)
	setDefault(&s.MAC, fmt.Sprintf("02:53:49:4d:%02x:%02x", place>>8, place&0xff))
	setDefault(&s.Hostname, freeHostname)
	if s.Power == "" {
		s.Power = PowerOff
	}
	if s.Power != PowerOn && s.Power != PowerOff && s.Power != PowerError {
		return fmt.Errorf("power is %q: it must be on, off or error", s.Power)
	}
	if s.IP == "" {
		s.IP = nth(mainNetwork, place).String()
	}
	ip, err := netip.ParseAddr(s.IP)
	if err != nil {
		return fmt.Errorf("ip %q is no address", s.IP)
	}
	if s.Owner != "" {
		owner := p.userByIDOrName(s.Owner)
		if owner == nil {
			return fmt.Errorf("owner %q is no user of the panel", s.Owner)
		}
		s.Owner = owner.ID
		if owner.ID != p.apiID {
			s.Tenancy = tenant(owner.ID)
		}
	}
	s.Addresses = []Address{{ID: p.newID(), IP: ip.String(), Domain: s.Hostname, Family: family(ip), Group: p.cfg.AddressGroups[0], Main: true}}
	s.Connections = []Connection{
		{ID: p.newID(), Type: connectionSwitch, Port: fmt.Sprintf("Gi0/%d", unit), On: !s.blocked()},
		{ID: p.newID(), Type: connectionIPMI, Port: fmt.Sprintf("10.255.%d.%d", place>>8, place&0xff), On: true},
		{ID: p.newID(), Type: connectionPDU, Port: number(unit), On: true},
	}
	for n := range p.cfg.SecondPorts {
		s.Connections = append(s.Connections, Connection{ID: p.newID(), Type: connectionSwitch, Port: fmt.Sprintf("Gi%d/%d", n+1, unit), On: !s.blocked()})
	}
	return nil
}

// nth is the nth address of a network.
func nth(network netip.Prefix, n int) netip.Addr {
	bytes := network.Addr().AsSlice()
	for i := len(bytes) - 1; n > 0; i-- {
		bytes[i] += byte(n)
		n >>= 8
	}
	addr, _ := netip.AddrFromSlice(bytes)
	return addr
}

const (
	familyIPv4 = "ipv4"
	familyIPv6 = "ipv6"
)

func family(ip netip.Addr) string {
	if ip.Is4() {
		return familyIPv4
	}
	return familyIPv6
}
