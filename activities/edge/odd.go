package edge

import (
	"context"
	"errors"
	"time"

	"metalease/dcim"
)

// An odd answer is a refusal of a panel that no table knows (dcim.RetrySome): it passes, or it
// does not, and then a person has to look. It is taken for a panel that is not well until it
// has been given about the same object for oddTime, and oddAnswers times in a row. What an
// outage stops in between begins the count anew: a panel that comes back may talk oddly.
const (
	oddTime    = 10 * time.Minute
	oddAnswers = 6
)

// odd are the odd answers in a row about one object.
type odd struct {
	// About is the function and the object.
	About string    `json:"about"`
	Since time.Time `json:"since"`
	Count int       `json:"count"`
}

// after is what is known after one more error. An odd answer to a question about no object,
// such as for the list of all servers, is the whole panel's trouble: that is waited out,
// however long.
func (o odd) after(err error, now time.Time) odd {
	var panel *dcim.Error
	if !errors.As(err, &panel) || panel.Kind.Retry() != dcim.RetrySome || panel.Subject == "" && !panel.Sent {
		return odd{}
	}
	if about := panel.Function + " " + panel.Subject; o.About != about {
		o = odd{About: about, Since: now}
	}
	o.Count++
	return o
}

// lasting tells whether it is a person's business by now.
func (o odd) lasting(now time.Time) bool {
	return o.Count >= oddAnswers && now.Sub(o.Since) >= oddTime
}

// lasting notes how an attempt has ended, and tells whether an odd answer does not pass.
func lasting(ctx context.Context, err error) bool {
	before, _ := Recall[odd](ctx, oddKey)
	now := time.Now()
	seen := before.after(err, now)
	if seen == (odd{}) {
		Forget(ctx, oddKey)
		return false
	}
	Keep(ctx, oddKey, seen)
	return seen.lasting(now)
}

const oddKey = "odd"
