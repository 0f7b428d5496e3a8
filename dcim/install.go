package dcim

import "fmt"

// Template is an OS template.
type Template struct {
	// ID is what an install carries, such as ISPsystem__Debian-12-x86_64.
	ID string
	// Title is for people.
	Title string
}

// Install is the install of an OS.
type Install struct {
	// Template is the id of one.
	Template string
	// Recipe is empty for none.
	Recipe string
	// Password becomes that of root.
	Password string `json:"-"`
	// ClearDisks has the panel clear the disks before. What it clears is not confirmed
	// (docs/dcimanager.md 3.6).
	ClearDisks bool
}

// Format prints the install without its password, whatever the verb.
func (i Install) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "install of %s (recipe %q)", i.Template, i.Recipe)
}
