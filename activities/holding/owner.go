package holding

import "metalease/dcim"

// Account is a panel user that can own servers: a customer's, or the API account, which owns
// them while nobody rents them.
type Account = dcim.Account
