package dci5

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"metalease/dcim"
)

// What was seen of a panel goes before what is taken for granted (dcim/profile).

// charset is the encoding that an answer is in where it does not begin with a byte order mark. A
// panel that was seen to say another one than it writes is not believed.
func (c *Client) charset(resp *http.Response) string {
	if c.config.Profile.Value("encoding-declared") == "no" {
		if is := c.config.Profile.Value("encoding"); is != "" {
			return undeclared + is
		}
	}
	return charsetOf(resp)
}

// undeclared begins a charset that goes before the declaration.
const undeclared = "!"

// Filters tells whether the panel was seen to filter its list of servers, each time anew.
func (c *Client) Filters() bool {
	is := c.config.Profile.Value("list-filter")
	return is == "exact" || is == "contains"
}

// tooLong is why notes are not saved; empty when they may.
func (c *Client) tooLong(notes string) string {
	limit, err := strconv.Atoi(c.config.Profile.Value("notes-limit"))
	if length := utf8.RuneCountInString(notes); err == nil && length > limit {
		return fmt.Sprintf("the panel cuts notes at %d characters, and these are %d: shorten what staff wrote there", limit, length)
	}
	return ""
}

// missing is the kind of an error about an object: that of one that is not there, if the panel was
// seen to answer so.
func (c *Client) missing(failure *dcim.Error) bool {
	is := c.config.Profile.Value("missing-error-type")
	return is != "" && failure.Type == is && slices.Contains([]string{"elid", "plid"}, failure.Object)
}

// Noticed are the facts of a profile in which the client sees a contradiction by itself, while it works.
func Noticed() []string { return []string{"owner-in-list", "owner-in-form"} }

// contradictions are facts of the profile of which another value was seen, each told once.
type contradictions struct {
	mu   sync.Mutex
	told map[string]bool // by fact
	// accounts are the ids and names of the panel's users, as they were last listed.
	accounts []dcim.Account
}

// saw compares how an owner is written with the profile.
func (c *Client) saw(fact, owner string) {
	was := c.config.Profile.Value(fact)
	if owner == "" || was == "" || c.config.Contradicted == nil {
		return
	}
	is := c.spelled(owner)
	c.against.mu.Lock()
	told := is == "" || is == was || c.against.told[fact]
	if !told {
		c.against.told[fact] = true
	}
	c.against.mu.Unlock()
	if !told {
		c.config.Contradicted(fact, was, is)
	}
}

// sawOwners looks at the first owners of a list: all are written alike.
func (c *Client) sawOwners(servers []dcim.Server) {
	const enough = 3
	looked := 0
	for _, server := range servers {
		if server.Owner != "" && looked < enough {
			looked++
			c.saw("owner-in-list", server.Owner)
		}
	}
}

// Spelled tells how an owner is written: as an id or as a name. Empty: that cannot be told, for
// nobody or somebody else has that text, or one user's name is another one's id.
func Spelled(owner string, users []dcim.Account) string {
	id := slices.ContainsFunc(users, func(a dcim.Account) bool { return a.ID == owner })
	name := slices.ContainsFunc(users, func(a dcim.Account) bool { return a.Name == owner })
	switch {
	case owner == "" || id == name:
		return ""
	case id:
		return "id"
	}
	return "name"
}

// knew keeps who the users are.
func (c *Client) knew(users []user) {
	c.against.mu.Lock()
	defer c.against.mu.Unlock()
	c.against.accounts = nil
	for _, u := range users {
		c.against.accounts = append(c.against.accounts, u.Account)
	}
}

// spelled is Spelled by the users that were listed last.
func (c *Client) spelled(owner string) string {
	c.against.mu.Lock()
	defer c.against.mu.Unlock()
	return Spelled(owner, c.against.accounts)
}
