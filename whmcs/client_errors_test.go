package whmcs_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

// Every known message, whatever the status it comes with (docs/whmcs-api.md 1.2).
func TestErrorsAreToldApartByTheirMessage(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   whmcs.Kind
	}{
		{403, `{"result":"error","message":"Authentication Failed"}`, whmcs.KindCredentials},
		{200, `{"result":"error","message":"Invalid or missing credentials"}`, whmcs.KindCredentials},
		{403, `{"result":"error","message":"Invalid IP 198.51.100.7"}`, whmcs.KindCredentials},
		{200, `{"result":"error","message":"Access Denied"}`, whmcs.KindCredentials},
		{403, `{"result":"error","message":"Administrator Account Disabled"}`, whmcs.KindCredentials},
		{403, `{"result":"error","message":"IP Banned"}`, whmcs.KindCredentials},
		{200, `{"result":"error","message":"Invalid Permissions: API action \"modulecreate\" is not allowed"}`, whmcs.KindCredentials},
		{403, `{"result":"error","message":"something new"}`, whmcs.KindCredentials},
		{200, `{"result":"error","message":"Command Not Found"}`, whmcs.KindUnknownAction},
		{200, `{"result":"error","message":"Invalid API Action: \"x\" is not a valid API action"}`, whmcs.KindUnknownAction},
		{200, `{"result":"error","message":"Service ID not found"}`, whmcs.KindNotFound},
		{200, `{"result":"error","message":"Can not find free server!"}`, whmcs.KindRefused},
		{200, `{"result":"error"}`, whmcs.KindRefused},
		{200, `{"result":"error","message":"API Function Not Found"}`, whmcs.KindUnknownAction},
		{400, `{"result":"error","message":"Empty action request"}`, whmcs.KindUnknownAction},
		{200, `{"result":"error","message":"Service ID Not Found"}`, whmcs.KindNotFound},
		{200, `{"result":"error","message":"Client Not Found"}`, whmcs.KindNotFound},
		{200, `{"result":"error","message":"Client ID Not Found"}`, whmcs.KindNotFound},
		{200, `{"result":"error","message":"Order ID Not Found"}`, whmcs.KindNotFound},
		{200, `{"result":"error","message":"Order ID not found or Status not Pending"}`, whmcs.KindRefused},
		{200, `{"result":"error","message":"Service not assigned to a module"}`, whmcs.KindRefused},
		{200, `{"result":"error","message":"the panel says: invalid ip"}`, whmcs.KindRefused},
		{500, `{"result":"error","message":"Invalid IP 2001:db8::1"}`, whmcs.KindCredentials},
		{200, `<html>Down for Maintenance</html>`, whmcs.KindNotAnAnswer},
		{200, "Warning: Undefined index in x.php on line 5\n{\"result\":\"success\"}", whmcs.KindNotAnAnswer},
		{502, ``, whmcs.KindNotAnAnswer},
		{200, `{"result":"success","products":{"a":1,"b":2}}`, whmcs.KindNotAnAnswer},
	} {
		client := clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		})))
		_, err := client.Service(t.Context(), 7)
		require.Equal(t, c.want, whmcs.KindOf(err), "%d %s: %v", c.status, c.body, err)
	}
	nobody := clientOf(t, "http://127.0.0.1:1")
	_, err := nobody.Service(t.Context(), 7)
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err))
}

// What a shop can be told to change (docs/whmcs-api.md 1.5, 5.2).
func TestARefusalSaysWhatToChange(t *testing.T) {
	for message, want := range map[string]whmcs.Reason{
		"A user already exists with that email address": whmcs.ReasonEmailTaken, "The email address entered is not available for use.": whmcs.ReasonEmailTaken,
		"You did not enter your first name": whmcs.ReasonClientData, "You did not enter your  address line 1": whmcs.ReasonClientData,
		"Valid country required": whmcs.ReasonClientData, "Invalid telephone phone number": whmcs.ReasonClientData,
		"The email address you entered was not valid":                  whmcs.ReasonClientData,
		"You did not provide required custom field value for VAT":      whmcs.ReasonClientData,
		"The Password field is required.":                              whmcs.ReasonClientData,
		"Unable to add order when client status is Closed":             whmcs.ReasonClientClosed,
		"Invalid Payment Method. Valid options include paypal":         whmcs.ReasonPaymentMethod,
		"No items added to cart so order cannot proceed":               whmcs.ReasonNothingOrdered,
		"Order ID not found or Status not Pending":                     whmcs.ReasonOrderStatus,
		"The order status must be in Cancelled or Fraud to be deleted": whmcs.ReasonOrderStatus,
		"SSO authentication blocked for client 5":                      whmcs.ReasonSSOBlocked, "Token could not be provisioned: x": whmcs.ReasonSSOBlocked,
		"something else": "", "the module says: You did not enter your name": "",
	} {
		client := clientOf(t, serverURL(t, echo(func(url.Values) string { return `{"result":"error","message":"` + message + `"}` })))
		err := client.DeleteOrder(t.Context(), 7)
		require.Equal(t, want, whmcs.ReasonOf(err), message)
		require.ErrorIs(t, err, whmcs.ErrRefused, message)
	}
	require.Empty(t, whmcs.ReasonOf(nil))
}

func TestNoErrorHoldsASecret(t *testing.T) {
	encoded := strings.NewReplacer(" ", "+", "/", "%2F", "+", "%2B", "&", "%26").Replace(apiSecret)
	for _, body := range []string{
		`{"result":"error","message":"bad ` + apiSecret + `"}`, `{"result":"error","message":"bad ` + encoded + `"}`,
		`<html>` + apiSecret, `plain ` + apiSecret, `{"password":"` + apiSecret + `"`,
	} {
		client := clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })))
		_, err := client.Service(t.Context(), 7)
		require.Error(t, err)
		require.NotContains(t, err.Error(), apiSecret)
		require.NotContains(t, err.Error(), encoded)
	}
	_, err := clientOf(t, "http://127.0.0.1:1").Service(t.Context(), 7)
	require.NotContains(t, err.Error(), "secret")
}
