package whmcs

import "strings"

// phrases are the beginnings of known messages, lower case, the longer first. Only
// the beginning counts: a module's own text may speak of an "invalid ip" too.
var phrases = []struct {
	beginning string
	kind      Kind
}{
	{"authentication failed", KindCredentials},
	{"invalid or missing credentials", KindCredentials},
	{"invalid ip", KindCredentials},
	{"access denied", KindCredentials},
	{"administrator account disabled", KindCredentials},
	{"ip banned", KindCredentials},
	{"invalid permissions", KindCredentials},
	{"command not found", KindUnknownAction},
	{"api function not found", KindUnknownAction},
	{"invalid api action", KindUnknownAction},
	{"empty action request", KindUnknownAction},
	{"order id not found or status not pending", KindRefused}, // says neither which
	{"service id not found", KindNotFound},
	{"order id not found", KindNotFound},
	{"client id not found", KindNotFound},
	{"client not found", KindNotFound},
	{"ticket id not found", KindNotFound},
	{"invoice id not found", KindNotFound},
	{"invalid client_id", KindNotFound},
}

// classify tells what a message means, with the HTTP status as fallback.
func classify(message string, status int) Kind {
	lower := strings.ToLower(message)
	for _, phrase := range phrases {
		if strings.HasPrefix(lower, phrase.beginning) {
			return phrase.kind
		}
	}
	if status == 401 || status == 403 {
		return KindCredentials
	}
	return KindRefused
}
