package signing

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzVerify: whatever the headers say, only what was signed with the secret is let
// in, and changing any part of a signed call keeps it out.
func FuzzVerify(f *testing.F) {
	f.Add("main", "1767225600", "v1=ad3abe07d894aba136b348f79ddc0937572d15634695fade84b9e584c927c57c", "/v1/services/7/suspend?wait=5s", `{"reason":"abuse"}`)
	f.Add("main", "0", "v1=", "/", "")
	f.Add("a\nb", "-9223372036854775808", "v1=zz", "/v1/services?client_id=1", "\n")
	f.Fuzz(func(t *testing.T, installation, timestamp, signature, path, body string) {
		target, err := url.Parse("https://gateway.example.com/" + strings.TrimLeft(path, "/"))
		if err != nil {
			return
		}
		forged := httptest.NewRequest(http.MethodPost, "/", nil)
		forged.URL = target
		forged.Header.Set(HeaderInstallation, installation)
		forged.Header.Set(HeaderTimestamp, timestamp)
		forged.Header.Set(HeaderSignature, signature)
		require.Error(t, Verify(forged, []byte(body), installation, "a-secret-that-nobody-guesses", now), "a forged signature")

		signed := httptest.NewRequest(http.MethodPost, "/", nil)
		signed.URL = target
		Sign(signed, []byte(body), installation, "a-secret-that-nobody-guesses", now)
		if installation == "" {
			require.ErrorIs(t, Verify(signed, []byte(body), installation, "a-secret-that-nobody-guesses", now), ErrUnsigned)
			return
		}
		require.NoError(t, Verify(signed, []byte(body), installation, "a-secret-that-nobody-guesses", now))
		require.ErrorIs(t, Verify(signed, []byte(body+" "), installation, "a-secret-that-nobody-guesses", now), ErrWrongSignature)
		require.ErrorIs(t, Verify(signed, []byte(body), installation, "another-secret", now), ErrWrongSignature)
		require.ErrorIs(t, Verify(signed, []byte(body), installation+"x", "a-secret-that-nobody-guesses", now), ErrWrongInstallation)
		require.ErrorIs(t, Verify(signed, []byte(body), installation, "a-secret-that-nobody-guesses", now.Add(time.Hour)), ErrStale)
	})
}
