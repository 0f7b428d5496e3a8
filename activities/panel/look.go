package panel

import (
	"context"
	"slices"

	"metalease/activities/billing"
	"metalease/activities/engine"
)

// LookInput asks where the world is with a service.
type LookInput struct {
	// FindInput is about the panel. What WHMCS shows is added to it: the client, the accounts, and
	// that a service which is not to be built is looked for in every record.
	FindInput
	// OnlyClient ends the look when WHMCS shows the service under another client.
	OnlyClient bool `json:"only_client,omitempty"`
	// Ask is sent when nothing stands in the way of the build: WHMCS shows the service as Pending
	// and the client's, and no server carries its mark. Nil asks nobody.
	Ask *engine.Message `json:"ask,omitempty"`
}

// Looked is what WHMCS and the panel show of a service.
type Looked struct {
	View  billing.OrderView `json:"view"`
	Found Found             `json:"found"`
	// Asked is true when Ask was sent.
	Asked bool `json:"asked,omitempty"`
}

// Look reads what WHMCS shows of a service, and looks for its server (see FindServer). The question
// that the first step of a build begins with goes out at once; whoever cannot be asked now is asked
// by that step. Errors: ServiceOnTwoServers.
func (p *Panel) Look(ctx context.Context, in LookInput) (Looked, error) {
	view, err := billing.ViewOrder(ctx, p.WHMCS, billing.ServiceRef{ServiceID: in.ServiceID, ClientID: in.ClientID})
	if err != nil {
		return Looked{}, err
	}
	theirs := view.ClientID == 0 || view.ClientID == in.ClientID
	if in.OnlyClient && !theirs {
		return Looked{View: view}, nil
	}
	find := in.FindInput
	if view.ClientID != 0 {
		find.ClientID = view.ClientID
	}
	find.Accounts = slices.Clone(view.Accounts)
	for _, name := range in.Accounts {
		if !slices.Contains(find.Accounts, name) {
			find.Accounts = append(find.Accounts, name)
		}
	}
	find.Thorough = in.Thorough || view.NotPending != ""
	found, err := p.FindServer(ctx, find)
	if err != nil {
		return Looked{}, err
	}
	toBuild := theirs && view.NotPending == "" && found.Server == nil
	asked := toBuild && in.Ask != nil && p.Messenger != nil && p.Messenger.Tell(ctx, *in.Ask) == nil
	return Looked{View: view, Found: found, Asked: asked}, nil
}
