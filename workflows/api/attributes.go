package api

import (
	"strconv"

	"go.temporal.io/sdk/temporal"
)

// StartAttributes are the search attributes with which a service starts.
func StartAttributes(o Order) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(
		AttrPhase.ValueSet(string(PhasePending)),
		AttrPanel.ValueSet(o.Panel[:min(len(o.Panel), KeywordLimit)]),
		AttrPackage.ValueSet(o.Package[:min(len(o.Package), KeywordLimit)]),
		AttrClientID.ValueSet(strconv.Itoa(o.ClientID)),
		AttrNeedsAttention.ValueSet(false),
	)
}
