package panel

import (
	"context"
	"slices"
	"time"

	"metalease/activities/holding"
	"metalease/dcim"
)

// surveyAge is how long the candidates of a survey serve those who come after it. At ten requests a second, two
// dozen claims side by side may take a minute.
const surveyAge = 5 * time.Minute

// SurveyInput says for which packages an allocator has waiters.
type SurveyInput struct {
	Wants []Want `json:"wants"`
	// Skip are servers that turned out not to be had.
	Skip []string `json:"skip,omitempty"`
	// Services are those that wait: a server that one of them has already is found by its mark.
	Services []int `json:"services,omitempty"`
}

// Survey looks at the panel once: candidates for the queue and counts for the
// stock. The list begins after the call, so it shows every claim and release
// that ended before.
func (p *Panel) Survey(ctx context.Context, in SurveyInput) (Survey, error) {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return Survey{}, err
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return Survey{}, err
	}
	p.marks.forgetOthers(listing, api)

	counts := map[string]*PackageCount{}
	var order []string
	var unread unread
	survey := Survey{Candidates: map[string][]string{}, Lasts: surveyAge, AsOf: listing.Began.UTC()}
	for _, server := range listing.Servers {
		survey.offer(server, in)
		name := server.Package()
		if name == "" {
			continue
		}
		count, there := counts[name]
		if !there {
			count = &PackageCount{Package: name}
			counts[name] = count
			order = append(order, name)
		}
		if err := p.count(ctx, server, api, in, count, &survey, &unread); err != nil {
			return Survey{}, err
		}
	}
	for _, name := range order {
		survey.Stock = append(survey.Stock, *counts[name])
	}
	for _, want := range in.Wants {
		if len(listing.Servers) > 0 && !slices.ContainsFunc(listing.All(), func(s dcim.Server) bool { return s.Matches(want.Package) }) {
			survey.Missing = append(survey.Missing, want.Package)
		}
	}
	return survey, unread.all()
}

// offer makes a free server a candidate of each package that still wants one.
func (s *Survey) offer(server dcim.Server, in SurveyInput) {
	if !server.Free() || slices.Contains(in.Skip, server.ID) {
		return
	}
	for _, want := range in.Wants {
		if server.Matches(want.Package) && len(s.Candidates[want.Package]) < want.Count {
			s.Candidates[want.Package] = append(s.Candidates[want.Package], server.ID)
		}
	}
}

// count counts a server, and notes whether a waiting service has it already.
func (p *Panel) count(ctx context.Context, server dcim.Server, api holding.Account, in SurveyInput, count *PackageCount, survey *Survey, unread *unread) error {
	switch {
	case server.Free():
		count.Free++
		return nil
	case !api.Owns(server.Owner):
		return nil
	}
	marks, err := p.marksOf(ctx, server.ID, false)
	switch {
	case unread.is(server.ID, err):
		count.Claimed++ // its record cannot be read: somebody's, and nothing that the others wait for
		return nil
	case err != nil:
		return err
	}
	unread.read++
	if InQuarantine(marks) {
		count.Quarantined++
		return nil
	}
	count.Claimed++
	if len(marks) == 1 && marks[0].Installation == p.Installation && slices.Contains(in.Services, marks[0].ServiceID) &&
		!marks[0].Is(holding.StateReleasing) && !slices.Contains(in.Skip, server.ID) {
		if survey.Held == nil {
			survey.Held = map[int]string{}
		}
		survey.Held[marks[0].ServiceID] = server.ID
	}
	return nil
}
