package server

import (
	enumspb "go.temporal.io/api/enums/v1"

	"metalease/workflows/api"
)

// searchAttributes are the names and kinds that a namespace must have before a workflow sets them.
func searchAttributes() map[string]enumspb.IndexedValueType {
	kinds := map[string]enumspb.IndexedValueType{}
	for _, key := range api.SearchAttributes {
		kinds[key.GetName()] = key.GetValueType()
	}
	return kinds
}
