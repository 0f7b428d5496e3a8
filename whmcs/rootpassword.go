package whmcs

import (
	"context"
	"errors"

	"metalease/internal/secret"
)

// PasswordPage is where our module keeps the root password that a customer has typed for a reinstall, until the server has it:
// WHMCS's API has no place for a password that is not the service's yet (docs/whmcs-api.md 1.6).
const PasswordPage = "/modules/servers/metalease/password.php"

// secretPages are those whose answers stand in no error, whatever they are.
var secretPages = map[string]bool{PasswordPage: true}

// RootPassword reads the root password with which a service is to be reinstalled. Pending is false when nobody has typed one:
// the service's own password is the root password then, as it is with a module that does not know the page. Errors: those of
// IspsystemRecords without KindUnknownAction.
func (c *Client) RootPassword(ctx context.Context, serviceID int) (password secret.Secret, pending bool, err error) {
	var answer struct {
		Pending  bool    `json:"pending"`
		Password *string `json:"password"`
	}
	err = c.askPage(ctx, PasswordPage, map[string]any{"service": serviceID}, &answer)
	switch {
	case errors.Is(err, ErrUnknownAction):
		return secret.Secret{}, false, nil
	case err != nil:
		return secret.Secret{}, false, err
	case !answer.Pending:
		return secret.Secret{}, false, nil
	case answer.Password == nil || *answer.Password == "":
		return secret.Secret{}, false, c.fail(call{action: "password.php"}, KindUnreadable, "a password is pending and cannot be read: have the customer type it again")
	}
	return secret.New(*answer.Password), true, nil
}

// KeepRootPassword has our module make the pending root password the service's own. Again, or without one, it changes nothing.
func (c *Client) KeepRootPassword(ctx context.Context, serviceID int) error {
	var answer struct {
		Kept bool `json:"kept"`
	}
	err := c.askPage(ctx, PasswordPage, map[string]any{"service": serviceID, "keep": true}, &answer)
	if errors.Is(err, ErrUnknownAction) {
		return nil
	}
	return err
}
