package service

import (
	"metalease/workflows/api"
	"metalease/workflows/internal/operation"
)

// stepPower enables the server and powers it on.
func (l *lifecycle) stepPower() error {
	if err := operation.PowerOn(l.do, l.work()); err != nil {
		return err
	}
	l.next(api.StepInstall, "powered on")
	return nil
}
