package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
)

// TestTheShopsAddressIsTold, where there is one.
func TestTheShopsAddressIsTold(t *testing.T) {
	for _, with := range []bool{true, false} {
		var told strings.Builder
		addresses(&told, &stack.Stack{Options: stack.Options{Shop: with}, Ports: stack.Ports{Shop: 8090, Gateway: 8080}})
		require.Equal(t, with, strings.Contains(told.String(), "http://127.0.0.1:8090/"))
		require.Contains(t, told.String(), "http://127.0.0.1:8080/")
	}
}
