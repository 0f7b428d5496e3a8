package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"golang.org/x/term"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/stack"
	"metalease/internal/statusview"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// act is one service of the demo.
type act struct {
	id    int
	title string
	last  control.Status
	// drawn is the line that was printed last, where lines are not redrawn.
	drawn string
}

// stage is what the audience sees.
type stage struct {
	*stack.Stack
	ctl   *control.Control
	acts  []*act
	began time.Time
	// lines is how many lines are drawn in place; live is false for a file.
	lines int
	live  bool
	style statusview.Style
}

func newStage(ctx context.Context, set *stack.Stack) (*stage, func(), error) {
	cfg, err := config.Load(set.ConfigFile(), config.ForCommandLine)
	if err != nil {
		return nil, nil, err
	}
	temporal, err := client.DialContext(ctx, client.Options{
		HostPort: fmt.Sprintf("127.0.0.1:%d", set.Ports.Temporal),
		Logger:   sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return nil, nil, err
	}
	s := &stage{Stack: set, ctl: control.New(temporal, "default", cfg), began: time.Now(), style: statusview.Style{Width: 110}}
	if fd := int(os.Stdout.Fd()); term.IsTerminal(fd) {
		s.live = true
		s.style.Colour = os.Getenv("NO_COLOR") == ""
		if width, _, err := term.GetSize(fd); err == nil {
			s.style.Width = width
		}
	}
	return s, temporal.Close, nil
}

// say prints a line of the story above the services.
func (s *stage) say(format string, args ...any) {
	s.wipe()
	fmt.Printf("\n%5.1fs  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
	s.draw()
}

func (s *stage) wipe() {
	if s.live && s.lines > 0 {
		fmt.Printf("\x1b[%dA\x1b[J", s.lines)
	}
	s.lines = 0
}

// draw shows one line a service: in place on a terminal, on change elsewhere.
func (s *stage) draw() {
	s.wipe()
	for _, a := range s.acts {
		line := "  " + statusview.Line(a.last, time.Now(), statusview.Style{Width: s.style.Width - 2, Colour: s.style.Colour})
		if s.live {
			fmt.Println(line)
			s.lines++
			continue
		}
		if key := fmt.Sprint(a.last.Phase, a.last.Step, a.last.Attention != nil); key != a.drawn && a.last.Phase != "" {
			a.drawn = key
			fmt.Println(line)
		}
	}
}

// frame is how often the services are looked at.
const frame = 200 * time.Millisecond

// scenePatience bounds each wait, so that a demo never hangs.
const scenePatience = 60 * time.Second

// until shows the services until a condition holds.
func (s *stage) until(ctx context.Context, what string, condition func() bool) error {
	limit := time.NewTimer(scenePatience)
	defer limit.Stop()
	tick := time.NewTicker(frame)
	defer tick.Stop()
	for {
		for _, a := range s.acts {
			if status, err := s.ctl.Status(ctx, a.id); err == nil {
				a.last = status
			}
		}
		s.draw()
		if condition() {
			return nil
		}
		select {
		case <-tick.C:
		case <-limit.C:
			return fmt.Errorf("waited %s, but %s did not happen", scenePatience, what)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *act) is(phases ...api.Phase) func() bool {
	return func() bool {
		for _, p := range phases {
			if a.last.Phase == p {
				return true
			}
		}
		return false
	}
}

func all(conditions ...func() bool) func() bool {
	return func() bool {
		for _, c := range conditions {
			if !c() {
				return false
			}
		}
		return true
	}
}

// order places and pays an order in WHMCS, whose hook calls the gateway.
func (s *stage) order(ctx context.Context, o simulator.Order, titles ...string) ([]*act, error) {
	o.Services = len(titles)
	var placed simulator.Placed
	if err := s.AskWHMCS(ctx, http.MethodPost, "/_sim/orders", o, &placed); err != nil {
		return nil, err
	}
	var acts []*act
	for i, service := range placed.Services {
		if service.Error != "" {
			return nil, fmt.Errorf("service %d: %s", service.ServiceID, service.Error)
		}
		acts = append(acts, &act{id: service.ServiceID, title: titles[i]})
	}
	s.acts = append(s.acts, acts...)
	return acts, nil
}

func (s *stage) bill(ctx context.Context, a *act, what string) error {
	return s.AskWHMCS(ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d/%s", a.id, what), map[string]any{}, nil)
}

// show plays the demo and checks its end against both vendors.
func show(ctx context.Context, set *stack.Stack) error {
	s, done, err := newStage(ctx, set)
	if err != nil {
		return err
	}
	defer done()
	if err := s.play(ctx); err != nil {
		return err
	}
	return s.judge(ctx)
}

func (s *stage) play(ctx context.Context) error {
	if err := s.AskPanel(ctx, http.MethodPost, "/_sim/servers/2", map[string]any{"fail_installs": 1}, nil); err != nil {
		return err
	}
	s.say("A new client pays for two servers at the same moment.")
	twins, err := s.order(ctx, simulator.Order{Package: "E3-16G", IPv4: 1, Grace: "8s"}, "expires, is released", "expires, is renewed")
	if err != nil {
		return err
	}
	s.say("Another client pays for an E5-64G, with two attempts; the first install will fail.")
	unlucky, err := s.order(ctx, simulator.Order{Package: "E5-64G", IPv6: 2, InstallAttempts: 2}, "first install fails")
	if err != nil {
		return err
	}
	if err := s.until(ctx, "both servers being claimed", func() bool { return twins[0].last.Server != nil && twins[1].last.Server != nil }); err != nil {
		return err
	}
	s.say("A third client pays for an E3-16G, but none is free any more.")
	late, err := s.order(ctx, simulator.Order{Package: "E3-16G"}, "waits for a release")
	if err != nil {
		return err
	}
	if err := s.until(ctx, "all orders being served", all(twins[0].is(api.PhaseActive), twins[1].is(api.PhaseActive),
		unlucky[0].is(api.PhaseActive), late[0].is(api.PhaseWaiting))); err != nil {
		return err
	}

	s.say("Both of the first client's services are not paid. WHMCS suspends them; the grace period is 8 seconds.")
	for _, a := range twins {
		if err := s.bill(ctx, a, "overdue"); err != nil {
			return err
		}
	}
	if err := s.until(ctx, "both being blocked", all(twins[0].is(api.PhaseBlocked), twins[1].is(api.PhaseBlocked))); err != nil {
		return err
	}
	s.say("The client pays for the second one in time.")
	if err := s.bill(ctx, twins[1], "paid"); err != nil {
		return err
	}
	if err := s.until(ctx, "the renewal", twins[1].is(api.PhaseActive)); err != nil {
		return err
	}
	s.say("The other one's grace period ends. Its server is cut off, cleaned up and returned to stock; who waits gets it.")
	return s.until(ctx, "the release and the waiting order", all(twins[0].is(api.PhaseReleased), late[0].is(api.PhaseActive)))
}
