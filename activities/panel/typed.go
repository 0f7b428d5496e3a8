package panel

import (
	"context"

	"metalease/internal/secret"
)

// typedPasswords tells the password of root that a customer has typed for the next install, if one waits.
type typedPasswords interface {
	RootPassword(ctx context.Context, serviceID int) (password secret.Secret, pending bool, err error)
}

func (p *Panel) typedPassword(ctx context.Context, serviceID int) (secret.Secret, bool, error) {
	source, there := any(p.WHMCS).(typedPasswords)
	if !there {
		return secret.Secret{}, false, nil
	}
	return source.RootPassword(ctx, serviceID)
}
