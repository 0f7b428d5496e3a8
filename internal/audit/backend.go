package audit

import (
	"context"

	"go.uber.org/zap"

	"metalease/dcim"
)

// Backend is a panel whose changes are written down. Reads are not.
func Backend(of dcim.Backend, log *Log) dcim.Backend { return &backend{of, log} }

type backend struct {
	dcim.Backend
	log *Log
}

func (b *backend) write(ctx context.Context, what, serverID string, err error, fields ...zap.Field) error {
	if !unsent(err) {
		about := []zap.Field{zap.String("panel", b.Name())}
		if serverID != "" {
			about = append(about, zap.String("server", serverID))
		}
		b.log.call(ctx, what, err, dcim.Uncertain(err), append(about, fields...)...)
	}
	return err
}

// CreateAccount implements dcim.Backend.
func (b *backend) CreateAccount(ctx context.Context, name, password string) (dcim.Account, error) {
	made, err := b.Backend.CreateAccount(ctx, name, password)
	return made, b.write(ctx, "create account", "", err, zap.String("account", name), zap.String("after", made.ID))
}

// Update implements dcim.Backend: owner and notes before and after.
func (b *backend) Update(ctx context.Context, serverID string, decide func(dcim.Record) (dcim.Change, error)) error {
	var fields []zap.Field
	saves := false
	err := b.Backend.Update(ctx, serverID, func(was dcim.Record) (dcim.Change, error) {
		change, err := decide(was)
		saves = err == nil && change != dcim.Change{}
		owner, _ := change.Owner()
		fields = []zap.Field{zap.String("owner_before", was.Owner), zap.String("owner_after", owner), zap.String("notes_before", was.Notes), zap.String("notes_after", change.Notes())}
		return change, err
	})
	if !saves {
		return err
	}
	return b.write(ctx, "save owner and mark", serverID, err, fields...)
}

// Block implements dcim.Backend.
func (b *backend) Block(ctx context.Context, serverID string) error {
	return b.write(ctx, "block", serverID, b.Backend.Block(ctx, serverID))
}

// Unblock implements dcim.Backend.
func (b *backend) Unblock(ctx context.Context, serverID string) error {
	return b.write(ctx, "unblock", serverID, b.Backend.Unblock(ctx, serverID))
}

// Power implements dcim.Backend.
func (b *backend) Power(ctx context.Context, serverID string, to dcim.Power) error {
	return b.write(ctx, "power", serverID, b.Backend.Power(ctx, serverID, to), zap.Any("after", to))
}

// PowerAs implements dcim.Backend.
func (b *backend) PowerAs(ctx context.Context, as dcim.Account, serverID string, to dcim.Power) error {
	return b.write(ctx, "power", serverID, b.Backend.PowerAs(ctx, as, serverID, to), zap.Any("after", to), zap.String("as", as.Name))
}

// SwitchPort implements dcim.Backend.
func (b *backend) SwitchPort(ctx context.Context, serverID, portID string, on bool) error {
	return b.write(ctx, "switch port", serverID, b.Backend.SwitchPort(ctx, serverID, portID, on), zap.String("port", portID), zap.Bool("after", on))
}

// Install implements dcim.Backend.
func (b *backend) Install(ctx context.Context, serverID string, in dcim.Install) error {
	return b.write(ctx, "install", serverID, b.Backend.Install(ctx, serverID, in), zap.String("template", in.Template))
}

// InstallAs implements dcim.Backend.
func (b *backend) InstallAs(ctx context.Context, as dcim.Account, serverID string, in dcim.Install) error {
	return b.write(ctx, "install", serverID, b.Backend.InstallAs(ctx, as, serverID, in), zap.String("template", in.Template), zap.String("as", as.Name))
}

// Diagnose implements dcim.Backend.
func (b *backend) Diagnose(ctx context.Context, serverID string) error {
	return b.write(ctx, "diagnose", serverID, b.Backend.Diagnose(ctx, serverID))
}

// CancelOperation implements dcim.Backend.
func (b *backend) CancelOperation(ctx context.Context, serverID string) error {
	return b.write(ctx, "cancel operation", serverID, b.Backend.CancelOperation(ctx, serverID))
}

// AddAddress implements dcim.Backend.
func (b *backend) AddAddress(ctx context.Context, serverID string, in dcim.NewAddress) (dcim.Address, error) {
	added, err := b.Backend.AddAddress(ctx, serverID, in)
	return added, b.write(ctx, "add address", serverID, err, zap.String("after", added.IP))
}

// NameAddress implements dcim.Backend.
func (b *backend) NameAddress(ctx context.Context, serverID, addressID, domain string) error {
	return b.write(ctx, "name address", serverID, b.Backend.NameAddress(ctx, serverID, addressID, domain), zap.String("address", addressID), zap.String("after", domain))
}

// DeleteAddress implements dcim.Backend.
func (b *backend) DeleteAddress(ctx context.Context, serverID, addressID string) error {
	return b.write(ctx, "delete address", serverID, b.Backend.DeleteAddress(ctx, serverID, addressID), zap.String("before", addressID))
}

// SignOn implements dcim.Backend. The key is in no line.
func (b *backend) SignOn(ctx context.Context, as dcim.Account) (dcim.SignOn, error) {
	door, err := b.Backend.SignOn(ctx, as)
	return door, b.write(ctx, "sign on", "", err, zap.String("as", as.Name))
}

// Console implements dcim.Backend.
func (b *backend) Console(ctx context.Context, as dcim.Account, serverID string) (dcim.SignOn, error) {
	door, err := b.Backend.Console(ctx, as, serverID)
	return door, b.write(ctx, "open console", serverID, err, zap.String("as", as.Name))
}
