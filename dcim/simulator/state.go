package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// State is everything that the panel knows; GET /_sim/state answers it, and a
// state file holds it.
type State struct {
	Since      time.Time          `json:"since"`
	Now        time.Time          `json:"now"`
	Servers    []Server           `json:"servers"`
	Users      []User             `json:"users"`
	Pool       Pool               `json:"pool"`
	Installs   []Install          `json:"installs"`
	Violations []Violation        `json:"violations"`
	Functions  map[string]Counter `json:"functions"`
	Faults     []Rule             `json:"faults"`
	LastID     int                `json:"last_id"`
	APIAccount string             `json:"api_account"`
}

// Pool is the pool of extra addresses.
type Pool struct {
	Size     int `json:"size"`
	FreeIPv4 int `json:"free_ipv4"`
	FreeIPv6 int `json:"free_ipv6"`
}

// State returns a copy of everything.
func (p *Panel) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state()
}

func (p *Panel) state() State {
	s := State{
		Now: p.now().UTC(), Since: p.since, Servers: []Server{}, Users: []User{}, Pool: Pool{Size: p.cfg.PoolSize},
		Installs: append([]Install{}, p.installs...), Violations: append([]Violation{}, p.violations...),
		Functions: maps.Clone(p.counters), Faults: []Rule{}, LastID: p.lastID, APIAccount: p.apiID,
	}
	for _, server := range p.servers {
		s.Servers = append(s.Servers, p.show(server))
	}
	for _, user := range p.users {
		s.Users = append(s.Users, *user)
	}
	for _, rule := range p.faults {
		s.Faults = append(s.Faults, rule.Rule)
	}
	used := p.usedIPs()
	for n := 1; n <= p.cfg.PoolSize; n++ {
		if !used[poolIP(familyIPv4, n)] {
			s.Pool.FreeIPv4++
		}
		if !used[poolIP(familyIPv6, n)] {
			s.Pool.FreeIPv6++
		}
	}
	return s
}

// show is a copy of a server with what follows from other things filled in.
func (p *Panel) show(server *Server) Server {
	s := server.clone()
	s.Hostname, s.IP = s.hostname(), s.mainIP()
	s.OwnerName = p.userName(s.Owner)
	return s
}

const saveEvery = time.Second

// keepSaving writes the state file when something changed, and at the end.
func (p *Panel) keepSaving() {
	defer p.saver.Done()
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.closed:
			p.report(p.save())
			return
		case <-tick.C:
			p.report(p.save())
		}
	}
}

func (p *Panel) report(err error) {
	if err != nil && p.cfg.Log != nil {
		_, _ = fmt.Fprintln(p.cfg.Log, err) // a log that cannot be written does not stop the panel
	}
}

// save writes the state file beside the old one and then takes its place, so
// that a crash never leaves half a file.
func (p *Panel) save() error {
	p.mu.Lock()
	state := p.state()
	changed := p.dirty
	p.dirty = false
	p.mu.Unlock()
	if _, err := os.Stat(p.cfg.StateFile); err == nil && !changed {
		return nil
	}
	if err := p.write(state); err != nil {
		p.mu.Lock()
		p.dirty = true
		p.mu.Unlock()
		return fmt.Errorf("state file: %w", err)
	}
	return nil
}

func (p *Panel) write(state State) error {
	text, err := json.MarshalIndent(state, "", " ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(p.cfg.StateFile), ".dcimsim-*")
	if err != nil {
		return err
	}
	_, writeErr := file.Write(text)
	syncErr := file.Sync()
	err = cmp.Or(writeErr, syncErr, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), p.cfg.StateFile)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// load reads the state file; a missing one is no error. Faults and sessions end
// with the process, as they do when a panel restarts.
func (p *Panel) load() (bool, error) {
	if p.cfg.StateFile == "" {
		return false, nil
	}
	text, err := os.ReadFile(p.cfg.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("state file: %w", err)
	}
	var s State
	if err := json.Unmarshal(text, &s); err != nil {
		return false, fmt.Errorf("state file %s cannot be read, remove it to start anew: %w", p.cfg.StateFile, err)
	}
	p.since, p.lastID, p.apiID = s.Since, s.LastID, s.APIAccount
	p.installs, p.violations = s.Installs, s.Violations
	if s.Functions != nil {
		p.counters = s.Functions
	}
	for _, user := range s.Users {
		if user.ID == p.apiID {
			user.Name, user.Password = p.cfg.User, p.cfg.Password
		}
		p.users = append(p.users, &user)
	}
	for _, server := range s.Servers {
		p.add(server)
	}
	return true, nil
}
