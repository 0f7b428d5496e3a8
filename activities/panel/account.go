package panel

import (
	"context"
	"slices"
	"strings"
	"time"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// AccountQuestion asks under which account a service of a client belongs.
type AccountQuestion struct {
	ClientID  int `json:"client_id"`
	ServiceID int `json:"service_id"`
	// Also are further services that wait for the same answer.
	Also []int `json:"also,omitempty"`
	// Known is the account that the entity remembers. It counts only while WHMCS shows it on a
	// service of this client.
	Known holding.Account `json:"known,omitzero"`
	// Had is the account that the service was given as a former client's. It counts only while
	// nobody else carries its name.
	Had holding.Account `json:"had,omitzero"`
	// Absent is a name that the entity found not to exist before it created it.
	Absent string `json:"absent,omitempty"`
}

// AccountAnswer is the account, or the name of one that has to be created.
type AccountAnswer struct {
	Account holding.Account `json:"account,omitzero"`
	// Absent is the name of the account that does not exist yet.
	Absent string `json:"absent,omitempty"`
	// Why tells where the account came from.
	Why string `json:"why,omitempty"`
	// Also are those of the question's further services that are this client's.
	Also []int `json:"also,omitempty"`
}

// LookUpAccount finds the account of an active service of this client on this panel, else one
// that an ended service of the client carried, else none. Errors: AccountForeign, BadOrder,
// ClientDiffers for a service that is not the client's.
func (p *Panel) LookUpAccount(ctx context.Context, q AccountQuestion) (AccountAnswer, error) {
	services, err := p.WHMCS.ClientServices(ctx, q.ClientID)
	if err != nil {
		return AccountAnswer{}, err
	}
	isTheirs := func(id int) bool {
		return slices.ContainsFunc(services, func(s whmcs.Service) bool { return s.ID == id })
	}
	if !isTheirs(q.ServiceID) {
		return AccountAnswer{}, edge.NonRetryable(edge.ErrClient, "service %d is not a service of client %d in WHMCS any more", q.ServiceID, q.ClientID)
	}
	read := p.Reader.Accounts
	if q.Known == q.Had && q.Known.Name == "" && q.Absent == "" {
		// Nobody has created one for this client yet: the look has just read them, and before one is created
		// they are read again.
		read = p.Reader.RecentAccounts
	}
	accounts, err := read(ctx)
	if err != nil {
		return AccountAnswer{}, err
	}
	answer, err := p.accountOf(ctx, q, accounts, services)
	answer.Also = slices.DeleteFunc(slices.Clone(q.Also), func(id int) bool { return !isTheirs(id) })
	return answer, err
}

// accountOf decides with what the panel and WHMCS show now. What is remembered comes first, but
// only while a service of this client carries it: a service may have gone to another client.
func (p *Panel) accountOf(ctx context.Context, q AccountQuestion, accounts map[string]holding.Account, services []whmcs.Service) (AccountAnswer, error) {
	carries := func(s whmcs.Service) bool { return s.Username == q.Known.Name }
	if known, there := accounts[q.Known.Name]; there && known == q.Known && slices.ContainsFunc(services, carries) {
		return AccountAnswer{Account: known, Why: "the client's account"}, p.notShared(ctx, known.Name, q.ClientID)
	}
	modules, err := p.modulesOf(ctx, services)
	if err != nil {
		return AccountAnswer{}, err
	}
	slices.SortFunc(services, func(a, b whmcs.Service) int { return a.ID - b.ID })

	var own whmcs.Service
	for _, service := range services {
		if service.ID == q.ServiceID {
			own = service
			continue
		}
		account, there := accounts[service.Username]
		active := service.Status == whmcs.StatusActive || service.Status == whmcs.StatusSuspended
		if there && active && p.isOurs(service, modules) {
			return AccountAnswer{Account: account, Why: "the client's account, as of another active service"}, p.notShared(ctx, account.Name, q.ClientID)
		}
	}
	if strings.TrimSpace(own.Username) == "" {
		return AccountAnswer{}, edge.NonRetryable(edge.ErrBadOrder, "service %d has no username in WHMCS, so the account on panel %s has no name: fill it in, then retry", q.ServiceID, p.backend.Name())
	}
	account, there := accounts[own.Username]
	if !there { // who carries the name is asked right before it is created
		return AccountAnswer{Absent: own.Username}, nil
	}
	if err := p.firstToCarry(ctx, own); err != nil {
		return AccountAnswer{}, err
	}
	if account == q.Had {
		if err := p.carriedByNobodyElse(ctx, own); err != nil {
			return AccountAnswer{}, err
		}
		return AccountAnswer{Account: account, Why: "created for this service, which WHMCS has moved to the client since"}, nil
	}
	if own.Username == q.Absent {
		return AccountAnswer{Account: account, Why: "created for this client"}, nil
	}
	for _, service := range services {
		if service.ID != q.ServiceID && service.Username == own.Username {
			return AccountAnswer{Account: account, Why: "the client's account, as of an earlier service"}, nil
		}
	}
	if built, err := p.isBeingBuilt(ctx, q, own); err != nil || built {
		return AccountAnswer{Account: account, Why: "created for this service, whose server carries its mark"}, err
	}
	return AccountAnswer{}, edge.NonRetryable(edge.ErrAccountForeign,
		"panel %s has a user %q that no service of client %d carries, so it is somebody else's: give service %d another username in WHMCS, then retry",
		p.backend.Name(), own.Username, q.ClientID, q.ServiceID)
}

// isBeingBuilt tells whether nothing is remembered of the client's account, and a server of the API account carries
// the service's mark. No customer can write there, and the account comes before the claim: who created it is only
// lost (docs/restore.md). Where another one is remembered, somebody has changed the username in WHMCS since.
func (p *Panel) isBeingBuilt(ctx context.Context, q AccountQuestion, own whmcs.Service) (bool, error) {
	if q.Known.Name != "" || q.Had.Name != "" || q.Absent != "" {
		return false, nil
	}
	found, err := p.FindServer(ctx, FindInput{ServiceID: own.ID})
	if err != nil || found.Server == nil || found.HandedOver {
		return false, err
	}
	return true, p.carriedByNobodyElse(ctx, own)
}

// firstToCarry requires that no service of another client carried this username before: the
// first one has, or will have, the account of that name. Without it two new clients whose
// domains begin alike would end in one account. Errors: AccountForeign.
func (p *Panel) firstToCarry(ctx context.Context, own whmcs.Service) error {
	return p.carriedBy(ctx, own, before(own))
}

func before(own whmcs.Service) func(whmcs.Service) bool {
	return func(other whmcs.Service) bool { return other.ID < own.ID }
}

// carriedByNobodyElse requires that no service of another client carries this username. Errors:
// AccountForeign.
func (p *Panel) carriedByNobodyElse(ctx context.Context, own whmcs.Service) error {
	return p.carriedBy(ctx, own, anybody)
}

func anybody(whmcs.Service) bool { return true }

func (p *Panel) carriedBy(ctx context.Context, own whmcs.Service, matters func(whmcs.Service) bool) error {
	services, err := p.WHMCS.UsernameServices(ctx, own.Username)
	if err != nil {
		return err
	}
	return notAmong(services, own, matters)
}

// notAmong requires that of those who carry the username of a service no living one of another client matters.
func notAmong(carrying []whmcs.Service, own whmcs.Service, matters func(whmcs.Service) bool) error {
	for _, service := range carrying {
		alive := service.Status == whmcs.StatusPending || service.Status == whmcs.StatusActive || service.Status == whmcs.StatusSuspended
		if alive && service.ClientID != own.ClientID && matters(service) {
			return edge.NonRetryable(edge.ErrAccountForeign, "service %d of client %d carries the username %q as well: give service %d another one in WHMCS, then retry",
				service.ID, service.ClientID, service.Username, own.ID)
		}
	}
	return nil
}

// notShared requires that no running service of another client carries the account on this panel:
// one that WHMCS moved there with its server. Errors: AccountForeign.
func (p *Panel) notShared(ctx context.Context, account string, client int) error {
	other, err := p.sharing(ctx, account, client)
	if err != nil || other.ID == 0 {
		return err
	}
	return edge.NonRetryable(edge.ErrAccountForeign,
		"account %q of client %d on panel %s holds the server of service %d, which is client %d's now: give that server to an account of its own in the panel and write that name into service %d in WHMCS, then retry",
		account, client, p.backend.Name(), other.ID, other.ClientID, other.ID)
}

// sharing is a running service of another client that carries the account on this panel; without
// an id there is none.
func (p *Panel) sharing(ctx context.Context, account string, client int) (whmcs.Service, error) {
	carrying, err := p.WHMCS.UsernameServices(ctx, account)
	if err != nil {
		return whmcs.Service{}, err
	}
	others := slices.DeleteFunc(carrying, func(s whmcs.Service) bool {
		return s.ClientID == client || s.Status != whmcs.StatusActive && s.Status != whmcs.StatusSuspended
	})
	modules, err := p.modulesOf(ctx, others)
	if err != nil {
		return whmcs.Service{}, err
	}
	for _, other := range others {
		if p.isOurs(other, modules) {
			return other, nil
		}
	}
	return whmcs.Service{}, nil
}

// modulesOf tells the WHMCS module of each product that the services are of.
func (p *Panel) modulesOf(ctx context.Context, services []whmcs.Service) (map[int]string, error) {
	var ids []int
	for _, service := range services {
		if !slices.Contains(ids, service.ProductID) {
			ids = append(ids, service.ProductID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if modules, known := p.products.of(ids); known {
		return modules, nil
	}
	asked := time.Now()
	products, err := p.WHMCS.Products(ctx, ids...)
	if err != nil {
		return nil, err
	}
	modules := make(map[int]string, len(products))
	for _, product := range products {
		modules[product.ID] = product.Module
	}
	p.products.keep(modules, asked)
	return modules, nil
}

// NewAccount asks for an account that LookUpAccount found to be absent.
type NewAccount struct {
	ServiceID int    `json:"service_id"`
	Name      string `json:"name"`
}

// CreateAccount creates the account with the service's password. The caller has
// recorded that it was absent, so one that exists by now is ours: the reply of
// an earlier attempt was lost. Errors: AccountForeign where a service of another client carried the
// name before, PanelRefused with the panel's rule.
func (p *Panel) CreateAccount(ctx context.Context, in NewAccount) (holding.Account, error) {
	service, err := p.firstOf(ctx, in)
	if err != nil {
		return holding.Account{}, err
	}
	if account, there, err := p.existing(ctx, in.Name); there || err != nil {
		return account, err
	}
	account, err := p.backend.CreateAccount(ctx, in.Name, service.Password.Reveal())
	if !dcim.Refused(err) {
		return account, err
	}
	// It may be there already: in which words a panel says so is not confirmed (docs/dcimanager.md 2.6).
	if account, there, failure := p.existing(ctx, in.Name); there || failure != nil {
		return account, failure
	}
	return holding.Account{}, err
}

// firstOf is the service for which an account is made, with its password: the first that carries the name. One
// call of WHMCS shows both.
func (p *Panel) firstOf(ctx context.Context, in NewAccount) (whmcs.Service, error) {
	carrying, err := p.WHMCS.UsernameServices(ctx, in.Name)
	if err != nil {
		return whmcs.Service{}, err
	}
	if i := slices.IndexFunc(carrying, func(s whmcs.Service) bool { return s.ID == in.ServiceID }); i >= 0 {
		return carrying[i], notAmong(carrying, carrying[i], before(carrying[i]))
	}
	own, err := p.WHMCS.Service(ctx, in.ServiceID) // it was given another name since
	if err != nil {
		return whmcs.Service{}, err
	}
	return own, notAmong(carrying, own, anybody)
}

func (p *Panel) existing(ctx context.Context, name string) (account holding.Account, there bool, err error) {
	accounts, err := p.Reader.Accounts(ctx)
	account, there = accounts[name]
	return account, there, err
}
