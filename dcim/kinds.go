package dcim

// Kind says what a caller can do about an error. What is true of each stands in one table.
type Kind int

// Kinds of errors. Which function of a panel gives which is not confirmed
// (docs/dcimanager.md 2.6).
const (
	// KindNone is any error that is not an *Error.
	KindNone Kind = iota
	// KindCredentials: the login was refused.
	KindCredentials
	// KindAccess: the account may not do this.
	KindAccess
	// KindMissed: an object or value is not there.
	KindMissed
	// KindValue: a field has a bad value. Nothing was changed.
	KindValue
	// KindExists: it is there already.
	KindExists
	// KindLimit: nothing is left, such as in the address pool.
	KindLimit
	// KindLicense: the panel's licence forbids it.
	KindLicense
	// KindPanel: any other refusal of the panel.
	KindPanel
	// KindNotAPanel: HTML, garbage or a 5xx; of a write, also an answer over a limit. After a
	// write that was sent this says nothing about whether it was made.
	KindNotAPanel
	// KindUnreachable: no connection, or no turn within the time limit; of a read, also a lost
	// answer. Nothing was changed.
	KindUnreachable
	// KindCertificate: the server's certificate is not trusted; nothing was sent.
	KindCertificate
	// KindMayHaveHappened: the connection was lost, or the time limit reached, after a write
	// had been sent.
	KindMayHaveHappened
	// KindUnsupported: a panel that this client does not speak to.
	KindUnsupported
	// KindReadOnly: this client may not change anything; nothing was sent.
	KindReadOnly
	// KindTooLarge: the answer to a read has more bytes, elements or levels than are read.
	KindTooLarge
	// KindUnreadable: what the panel shows of one object cannot be read whole. Nothing was
	// changed.
	KindUnreadable
	// KindDenied: the account in whose name the call was made may not do this, or may not log
	// in; our own login and rights are not at fault.
	KindDenied
)

// Errors of each kind, for errors.Is.
const (
	ErrCredentials     = sentinel(KindCredentials)
	ErrAccess          = sentinel(KindAccess)
	ErrMissed          = sentinel(KindMissed)
	ErrValue           = sentinel(KindValue)
	ErrExists          = sentinel(KindExists)
	ErrLimit           = sentinel(KindLimit)
	ErrLicense         = sentinel(KindLicense)
	ErrPanel           = sentinel(KindPanel)
	ErrNotAPanel       = sentinel(KindNotAPanel)
	ErrUnreachable     = sentinel(KindUnreachable)
	ErrCertificate     = sentinel(KindCertificate)
	ErrMayHaveHappened = sentinel(KindMayHaveHappened)
	ErrUnsupported     = sentinel(KindUnsupported)
	ErrReadOnly        = sentinel(KindReadOnly)
	ErrTooLarge        = sentinel(KindTooLarge)
	ErrUnreadable      = sentinel(KindUnreadable)
	ErrDenied          = sentinel(KindDenied)
)

type sentinel Kind

func (s sentinel) Error() string { return "panel error of kind " + Kind(s).String() }

// Retry says whether a repeat of the same call may end otherwise by itself.
type Retry int

// What a repeat is worth.
const (
	// RetryNever: a person has to change something first, or the caller decides.
	RetryNever Retry = iota
	// RetrySome: it passes or it does not; after a few times it is a person's business.
	RetrySome
	// RetryAlways: it passes.
	RetryAlways
)

// kinds is the table. Its order is that of the constants.
var kinds = [...]struct {
	name  string
	retry Retry
	// refusal: the panel answered, and changed nothing.
	refusal bool
	// uncertain: a write of which this is the error may have been made.
	uncertain bool
	// advice is what a person can do; empty when the message says all.
	advice string
}{
	KindNone: {name: "None", retry: RetryAlways},
	KindCredentials: {name: "Credentials", refusal: true,
		advice: "check user and password of this panel in the configuration, and the panel's RestrictAuthinfo ranges"},
	KindAccess:          {name: "Access", refusal: true, advice: "give the panel's API account the right to do this"},
	KindMissed:          {name: "Missed", refusal: true},
	KindValue:           {name: "Value", refusal: true},
	KindExists:          {name: "Exists", refusal: true},
	KindLimit:           {name: "Limit", refusal: true},
	KindLicense:         {name: "License", refusal: true, advice: "renew the panel's licence"},
	KindPanel:           {name: "Panel", retry: RetrySome, refusal: true},
	KindNotAPanel:       {name: "NotAPanel", retry: RetryAlways, uncertain: true, advice: "check that the url is the panel's own and that it is not in maintenance"},
	KindUnreachable:     {name: "Unreachable", retry: RetryAlways},
	KindCertificate:     {name: "Certificate", advice: "set ca or fingerprint of this panel in the configuration"},
	KindMayHaveHappened: {name: "MayHaveHappened", retry: RetryAlways, uncertain: true, advice: "look before asking again"},
	KindUnsupported:     {name: "Unsupported", advice: "metalease works with DCImanager 5"},
	KindReadOnly:        {name: "ReadOnly"},
	KindTooLarge:        {name: "TooLarge", retry: RetryAlways, advice: "check that the url is the panel's own: no panel of a size that is supported answers so much"},
	KindUnreadable:      {name: "Unreadable", retry: RetrySome, advice: "correct it in the panel"},
	KindDenied: {name: "Denied", refusal: true,
		advice: "look in the panel whether this account may log in, owns the server, and may do this to it"},
}

// Kinds are all kinds of errors that a backend returns.
func Kinds() []Kind {
	var all []Kind
	for k := KindCredentials; int(k) < len(kinds); k++ {
		all = append(all, k)
	}
	return all
}

// String is the kind's name, for logs and metrics.
func (k Kind) String() string { return kinds[k].name }

// Retry tells whether a repeat may help.
func (k Kind) Retry() Retry { return kinds[k].retry }

// Advice is what a person can do about it; empty when the message says all.
func (k Kind) Advice() string { return kinds[k].advice }
