package panel

import (
	"errors"

	"metalease/dcim"
)

// unread are the servers of a scan whose record cannot be read. An error about one server never
// stops what is about others: the scan goes on, and says which they were.
type unread struct {
	servers []string
	// read counts the records that were read, refused those about which the panel said no.
	read, refused int
	// broken is the first answer that was none.
	broken error
}

// is tells whether an error is about one server, and notes it. The panel's login, its rights
// and its connection are about all.
func (u *unread) is(serverID string, err error) bool {
	switch {
	case !dcim.AboutOne(err):
		return false
	case !errors.Is(err, dcim.ErrNotAPanel):
		u.refused++
	case u.broken == nil:
		u.broken = err
	}
	u.servers = append(u.servers, serverID)
	return true
}

// all is the error of a panel that was not well during the scan: no record was read, and more
// than one answer was none.
func (u *unread) all() error {
	if u.read == 0 && u.refused == 0 && len(u.servers) > 1 {
		return u.broken
	}
	return nil
}
