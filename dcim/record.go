package dcim

// Account is a user of the panel that can own servers.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Owns tells whether an owner, as the panel shows it, is this account. Whether a panel shows
// ids or names is not confirmed (docs/dcimanager.md 3.2), so both count.
func (a Account) Owns(owner string) bool {
	return owner != "" && (owner == a.ID || owner == a.Name)
}

// Record is what the panel keeps about one server beside its state.
type Record struct {
	// ID is what the panel shows, which may not be the server that was asked for: whoever
	// decides about a record compares it.
	ID string
	// Owner is as in Server. The list may show the id where the record shows the name.
	Owner string
	// Notes is free text, our mark among it.
	Notes string
	// Label is the text on the server, MAC the hardware address of its first port.
	Label, MAC string
	Blocked    bool
}

// Change is what Backend.Update saves: whose the server is from then on, and its notes. The
// owner is always said, by id: the one that was read may be a name, and a panel that does not
// take it back would give the server to somebody else, or to nobody. The zero Change saves
// nothing.
type Change struct {
	save, free     bool
	ownerID, notes string
}

// Assign is the change after which an account owns the server. An account without an id is
// refused when it is saved: ErrValue.
func Assign(to Account, notes string) Change { return Change{save: true, ownerID: to.ID, notes: notes} }

// Unassign is the change after which nobody owns the server.
func Unassign(notes string) Change { return Change{save: true, free: true, notes: notes} }

// Owner is the id of the account that is to own the server; nobody is true for none.
func (c Change) Owner() (id string, nobody bool) { return c.ownerID, c.free }

// Notes are all notes of the server from then on.
func (c Change) Notes() string { return c.notes }
