package whmcs

// Kind says what a caller can do about an error.
type Kind int

// Kinds of errors. WHMCS has no error codes, so refusals are told apart by their
// message (docs/whmcs-api.md 1.2).
const (
	// KindNone is any error that is not an *Error.
	KindNone Kind = iota
	// KindCredentials: identifier, secret, role or address list. A person repairs it.
	KindCredentials
	// KindUnknownAction: this WHMCS does not know the call.
	KindUnknownAction
	// KindNotFound: the service, order or client is not there.
	KindNotFound
	// KindRefused: WHMCS or the module it ran said no.
	KindRefused
	// KindNotAnAnswer: HTML, warnings of PHP, a 5xx. Whether a change was made is not known.
	KindNotAnAnswer
	// KindUnavailable: no connection, no turn, or a question without an answer. Nothing
	// was changed.
	KindUnavailable
	// KindResultUnknown: the reply to a change was lost.
	KindResultUnknown
	// KindTooLarge: the answer to a question has more bytes, rows or pages than are read.
	KindTooLarge
	// KindUnreadable: the row of one service or client cannot be read.
	KindUnreadable
)

// Properties are what is true of every error of a kind.
type Properties struct {
	// Name is the kind's, for logs and metrics.
	Name string
	// Retryable: the same call may go well later, without a person. Where it may have
	// been done already, a read comes first.
	Retryable bool
	// Advice is what a person can do; empty where the message says all.
	Advice string
}

// Kinds is the one table of kinds and what follows from them.
var Kinds = map[Kind]Properties{
	KindCredentials: {
		Name:   "Credentials",
		Advice: "check identifier, secret, API role and API IP access in WHMCS and in the configuration",
	},
	KindUnknownAction: {
		Name:   "UnknownAction",
		Advice: "update WHMCS, or our module in it",
	},
	KindNotFound:    {Name: "NotFound"},
	KindRefused:     {Name: "Refused"},
	KindNotAnAnswer: {Name: "NotAnAnswer", Retryable: true, Advice: "check that the url is WHMCS's own and that it is not in maintenance"},
	KindUnavailable: {Name: "Unavailable", Retryable: true},
	KindResultUnknown: {
		Name: "ResultUnknown", Retryable: true,
		Advice: "look before asking again",
	},
	KindTooLarge:   {Name: "TooLarge", Retryable: true, Advice: "check that the url is WHMCS's own: no WHMCS of a size that is supported answers so much"},
	KindUnreadable: {Name: "Unreadable", Advice: "correct it in WHMCS"},
}

// Properties is the kind's row of [Kinds]; empty for KindNone.
func (k Kind) Properties() Properties { return Kinds[k] }

// String is the kind's name.
func (k Kind) String() string {
	if name := Kinds[k].Name; name != "" {
		return name
	}
	return "None"
}

// sentinel is what errors.Is compares with.
type sentinel Kind

// Error is the kind's name.
func (s sentinel) Error() string { return "WHMCS: " + Kind(s).String() }

// One error for each kind, for errors.Is.
var (
	ErrCredentials   error = sentinel(KindCredentials)
	ErrUnknownAction error = sentinel(KindUnknownAction)
	ErrNotFound      error = sentinel(KindNotFound)
	ErrRefused       error = sentinel(KindRefused)
	ErrNotAnAnswer   error = sentinel(KindNotAnAnswer)
	ErrUnavailable   error = sentinel(KindUnavailable)
	ErrResultUnknown error = sentinel(KindResultUnknown)
	ErrTooLarge      error = sentinel(KindTooLarge)
	ErrUnreadable    error = sentinel(KindUnreadable)
)
