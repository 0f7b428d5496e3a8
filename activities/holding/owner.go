package holding

// Account is a panel user of level 16.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// freeHostname is what the panel shows for a server that nobody rents
// (docs/dcimanager.md R1).
const FreeHostname = "free.ds"

// noOwner is what a form may show instead of an empty owner (docs/dcimanager.md 3.3).
const noOwner = "no_owner"

// owned tells whether an owner as the panel shows it is this account. Whether
// the panel shows ids or names is unconfirmed (docs/dcimanager.md 3.2), so both count.
func Owned(owner string, account Account) bool {
	return owner != "" && (owner == account.ID || owner == account.Name)
}

func Nobody(owner string) bool { return owner == "" || owner == noOwner }
