package gateway

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the gateway answers is shown on pages of staff and customers: nothing in it deceives an
// eye, whether it is an answer or a problem.
func TestAnswersDoNotDeceive(t *testing.T) {
	const foreign = "a\x1b[31m\u202egpj\u200b <b>\nline"
	for name, write := range map[string]func(*httptest.ResponseRecorder){
		"answer": func(w *httptest.ResponseRecorder) {
			reply{status: 200, body: map[string]string{"detail": foreign}}.write(w)
		},
		"problem": func(w *httptest.ResponseRecorder) { invalidParameter.because(foreign).write(w) },
	} {
		w := httptest.NewRecorder()
		write(w)
		require.NotContains(t, w.Body.String(), "<b>", "%s: HTML of a page that takes JSON for it", name)
		var got struct{ Detail string }
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), name)
		require.Equal(t, "a [31mgpj <b>\nline", got.Detail, name)
	}
}
