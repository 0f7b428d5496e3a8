// Package openapi_test has the gateway's contract read by a program that is not ours. It is a
// module of its own, so that the product does not carry that program's dependencies.
package openapi_test

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

func TestTheContractIsOpenAPI31(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromFile("../../docs/openapi.json")
	require.NoError(t, err)
	require.NoError(t, document.Validate(t.Context()))
	require.Regexp(t, `^3\.1\.`, document.OpenAPI)
	require.NotEmpty(t, document.Paths.Map())
}

func TestABrokenContractIsRefused(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromFile("../../docs/openapi.json")
	require.NoError(t, err)
	document.Paths.Find("/v1/services").Get.Parameters[0].Value.In = "nowhere"
	require.Error(t, document.Validate(t.Context()))
}
