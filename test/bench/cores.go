package main

import (
	"os"
	"time"

	"metalease/internal/stack"
)

// cores is how long parts of a set have been on a core; postgres is 0 where there is none. All share this machine's, so what
// Temporal does not get is no fault of the workflows.
type cores struct {
	temporal, postgres, ours, simulators time.Duration
}

// cores reads what the set has taken so far.
func (s *scene) cores() (c cores, err error) {
	for part, processes := range map[*time.Duration][]*stack.Process{
		&c.temporal: {s.engine}, &c.ours: {s.Worker, s.Gateway}, &c.simulators: {s.PanelSim, s.WHMCSSim},
	} {
		for _, p := range processes {
			u, err := used(p.PID())
			if err != nil {
				return c, err
			}
			*part += u.cpu
		}
	}
	database, err := s.postgres()
	c.postgres = database.cpu
	return c, err
}

// postgres is what PostgreSQL has taken so far, all its processes together; nothing where there is none.
func (s *scene) postgres() (use, error) {
	if s.cluster == nil {
		return use{at: time.Now()}, nil
	}
	return usedByAll(s.cluster.DB.PID())
}

func (c cores) since(before cores) cores {
	return cores{c.temporal - before.temporal, c.postgres - before.postgres, c.ours - before.ours, c.simulators - before.simulators}
}

// bareCores is cores of a set in which this process is the worker.
func (s *scene) bareCores() (c cores, err error) {
	temporal, err := used(s.engine.PID())
	if err != nil {
		return c, err
	}
	database, err := s.postgres()
	if err != nil {
		return c, err
	}
	own, err := used(os.Getpid())
	return cores{temporal: temporal.cpu, postgres: database.cpu, ours: own.cpu}, err
}

// shares are what an order takes of the cores, beside a bare workflow.
func (c cores) shares(bare cores, orders int) []figure {
	per := func(took time.Duration) float64 { return took.Seconds() / float64(orders) }
	list := []figure{figure{What: "time on a core per order, Temporal", Value: per(c.temporal), Unit: "s"}.to(per(bare.temporal), "bare workflow")}
	if c.postgres > 0 {
		list = append(list, figure{What: "the same, PostgreSQL", Value: per(c.postgres), Unit: "s"}.to(per(bare.postgres), "bare workflow"))
	}
	return append(list,
		figure{What: "the same, worker and gateway", Value: per(c.ours), Unit: "s"}.to(per(bare.ours), "bare worker"),
		figure{What: "the same, both simulators", Value: per(c.simulators), Unit: "s"})
}
