package service

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/running"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// published is what the visibility store and the Web UI were told last.
type published struct {
	phase     api.Phase
	client    int
	serverID  string
	mainIP    string
	grace     time.Time
	attention bool
	details   string
	held      running.Held
	known     bool
}

// publish tells search attributes and details what has changed. Each upsert is
// an event of the history, so nothing is said twice.
func (l *lifecycle) publish() {
	now := published{phase: l.s.Life.Phase, client: l.s.Order.ClientID, attention: l.s.Attention != nil, details: l.s.details(), known: true}
	if l.s.Server != nil {
		now.serverID, now.mainIP = l.s.Server.ID, l.s.Server.IP
	}
	now.held = l.s.held(l.now())
	if l.s.Blocks.GraceEndsAt != nil {
		now.grace = *l.s.Blocks.GraceEndsAt
	}
	was := l.published
	if !was.known && workflow.GetInfo(l.ctx).ContinuedExecutionRunID == "" {
		was = published{phase: api.PhasePending, client: now.client} // what the start has set
	}
	l.published = now
	if now.details != was.details {
		workflow.SetCurrentDetails(l.ctx, now.details)
	}
	var updates []temporal.SearchAttributeUpdate
	if now.phase != was.phase {
		updates = append(updates, api.AttrPhase.ValueSet(string(now.phase)))
	}
	if now.client != was.client {
		updates = append(updates, api.AttrClientID.ValueSet(strconv.Itoa(now.client)))
	}
	if now.attention != was.attention {
		updates = append(updates, api.AttrNeedsAttention.ValueSet(now.attention))
	}
	updates = appendKeyword(updates, api.AttrServerID, was.serverID, now.serverID)
	updates = appendKeyword(updates, api.AttrMainIP, was.mainIP, now.mainIP)
	if !now.grace.Equal(was.grace) {
		if now.grace.IsZero() {
			updates = append(updates, api.AttrGraceEndsAt.ValueUnset())
		} else {
			updates = append(updates, api.AttrGraceEndsAt.ValueSet(now.grace))
		}
	}
	if !now.held.Since.IsZero() && !now.held.Same(was.held) {
		_ = workflow.UpsertMemo(l.ctx, map[string]any{running.MemoHeld: now.held}) // it fails only for what is no JSON
	}
	if len(updates) > 0 {
		// It fails only for a key that does not exist; the worker creates all of them.
		_ = workflow.UpsertTypedSearchAttributes(l.ctx, updates...)
	}
}

func appendKeyword(updates []temporal.SearchAttributeUpdate, key temporal.SearchAttributeKeyKeyword, was, now string) []temporal.SearchAttributeUpdate {
	switch {
	case now == was:
		return updates
	case now == "":
		return append(updates, key.ValueUnset())
	}
	return append(updates, key.ValueSet(now[:min(len(now), api.KeywordLimit)]))
}

// shown makes what a person, a customer or a vendor has written part of a page in Markdown.
func shown(text string) string { return clean.Markdown(text, api.LimitMessage) }

// details says in Markdown what goes on and what an operator can do: the Web UI
// shows it at the top of the workflow's page.
func (s *State) details() string {
	var b strings.Builder
	status := s.status()
	if s.Attention != nil {
		fmt.Fprintf(&b, "**%s** — %s (%s)\n\nYou can: %s.\n", s.Life.Phase, shown(s.Attention.Message), s.Attention.Code, strings.Join(s.Attention.Actions, ", "))
	} else {
		fmt.Fprintf(&b, "**%s** — %s\n", s.Life.Phase, shown(status.Doing()+status.Detail()))
	}
	if s.Server != nil {
		fmt.Fprintf(&b, "\nServer **%s** (%s), %s%s, account %s.\n", shown(s.Server.ID), shown(s.Server.Label), shown(s.Server.IP), plus(len(s.Server.ExtraIPs)), shown(cmp.Or(s.Account.Name, "not known yet")))
	}
	if now := s.Acting.Now; now != nil {
		fmt.Fprintf(&b, "\nNow: %s, since %s.\n", shown(by(now.Action)), now.Since.UTC().Format(time.RFC3339))
	}
	for _, block := range s.Blocks.reasons() {
		fmt.Fprintf(&b, "\nBlocked: %s (%s), since %s.\n", shown(block.Reason), shown(block.Source), block.Since.UTC().Format(time.RFC3339))
	}
	if s.Blocks.Hold != "" {
		fmt.Fprintf(&b, "\nHeld: %s. Nothing is blocked or released by itself.\n", shown(s.Blocks.Hold))
	}
	return b.String()
}
