package config

import "regexp"

var buildForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func (c checker) worker(worker Worker) {
	if worker.MetricsListen != "" {
		c.listen("worker.metrics_listen", worker.MetricsListen)
	}
	c.between("worker.build_slots", float64(worker.BuildSlots), 1, 100_000)
	c.between("worker.urgent_slots", float64(worker.UrgentSlots), 1, 100_000)
	c.between("worker.watch_slots", float64(worker.WatchSlots), 1, 100_000)
	if worker.BuildID != "" && !buildForm.MatchString(worker.BuildID) {
		c.fault("worker.build_id", "%q is not the name of a build: up to 64 letters, digits, dots, - and _", worker.BuildID)
	}
	if worker.BuildID != "" && !worker.Versioning {
		c.fault("worker.build_id", "is set without worker.versioning")
	}
}
