package whmcs

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCredit: WHMCS writes an amount, with or without decimals.
func TestCredit(t *testing.T) {
	for text, has := range map[string]bool{`"0.00"`: false, `""`: false, `0`: false, `"0"`: false, `"12.50"`: true, `"1,000.00"`: true, `5`: true, `"-3.00"`: true} {
		var row clientRow
		require.NoError(t, json.Unmarshal([]byte(`{"id":1,"credit":`+text+`}`), &row))
		require.Equal(t, has, row.details().Credit, text)
	}
}
