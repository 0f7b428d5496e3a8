package whmcs

import (
	"errors"
	"strings"
)

// Reason is why WHMCS refused something that a shop asked for, as far as its message
// says so (docs/whmcs-api.md 1.5, 5.2). It is a part of an [Error].
type Reason string

// Reasons that name what to change. An error of another sort has none.
const (
	// ReasonEmailTaken: another client, or a user who is none, has this address.
	ReasonEmailTaken Reason = "email-taken"
	// ReasonClientData: a field of a new client is missing or wrong; the message says which.
	ReasonClientData   Reason = "client-data"
	ReasonClientClosed Reason = "client-closed"
	// ReasonPaymentMethod: this WHMCS has no such payment method.
	ReasonPaymentMethod Reason = "payment-method"
	// ReasonNothingOrdered: WHMCS found nothing in the order that it would sell.
	ReasonNothingOrdered Reason = "nothing-ordered"
	// ReasonOrderStatus: the order is not there, or not in the status that the change needs.
	ReasonOrderStatus Reason = "order-status"
	// ReasonSSOBlocked: the client does not allow single sign-on, or no token could be made.
	ReasonSSOBlocked Reason = "sso-blocked"
)

// reasons are the beginnings of messages, lower case.
var reasons = []struct {
	beginning string
	reason    Reason
}{
	{"a user already exists with that email", ReasonEmailTaken},
	{"the email address entered is not available", ReasonEmailTaken},
	{"the email address you entered was not valid", ReasonClientData},
	{"you did not enter your", ReasonClientData},
	{"you did not provide required custom field", ReasonClientData},
	{"valid country required", ReasonClientData},
	{"invalid telephone", ReasonClientData},
	{"unable to add order when client status is closed", ReasonClientClosed},
	{"invalid payment method", ReasonPaymentMethod},
	{"no items added to cart", ReasonNothingOrdered},
	{"order id not found or status not pending", ReasonOrderStatus},
	{"the order status must be in cancelled or fraud", ReasonOrderStatus},
	{"sso authentication blocked", ReasonSSOBlocked},
	{"token could not be provisioned", ReasonSSOBlocked},
}

func reasonOf(message string) Reason {
	lower := strings.ToLower(message)
	for _, r := range reasons {
		if strings.HasPrefix(lower, r.beginning) {
			return r.reason
		}
	}
	// "The Password field is required." of WHMCS 9 (docs/whmcs-api.md 1.5).
	if strings.HasPrefix(lower, "the ") && strings.HasSuffix(lower, " field is required.") {
		return ReasonClientData
	}
	return ""
}

// ReasonOf returns the reason of a client's error; empty when there is none.
func ReasonOf(err error) Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}
