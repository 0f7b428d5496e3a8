package signing

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var now = time.Unix(1_767_225_600, 0)

func request(t *testing.T, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, "https://gateway.example.com/v1/services/7/suspend?wait=5s", strings.NewReader(body))
	require.NoError(t, err)
	Sign(req, []byte(body), "main", "shared-secret", now)
	return req
}

func TestTheSignatureIsThatOfTheContract(t *testing.T) {
	req := request(t, `{"reason":"abuse"}`)
	require.Equal(t, "main", req.Header.Get(HeaderInstallation))
	require.Equal(t, "1767225600", req.Header.Get(HeaderTimestamp))
	// printf 'main\n1767225600\nPOST\n/v1/services/7/suspend?wait=5s\n{"reason":"abuse"}' | openssl dgst -sha256 -hmac shared-secret
	require.Equal(t, "v1=ad3abe07d894aba136b348f79ddc0937572d15634695fade84b9e584c927c57c", req.Header.Get(HeaderSignature))
	require.NoError(t, Verify(req, []byte(`{"reason":"abuse"}`), "main", "shared-secret", now.Add(Tolerance)))
}

func TestTheSystemURLIsALineOfItsOwn(t *testing.T) {
	req := request(t, "")
	req.Header.Set(HeaderSystem, "https://billing.example.com/whmcs/")
	Sign(req, []byte(`{"reason":"abuse"}`), "main", "shared-secret", now)
	// printf 'main\nhttps://billing.example.com/whmcs/\n1767225600\nPOST\n/v1/services/7/suspend?wait=5s\n{"reason":"abuse"}' | openssl dgst -sha256 -hmac shared-secret
	require.Equal(t, "v1=f48a876f496a4e60e07ed02fffb24e011403ac538fa332928f29fad2c0fb01a1", req.Header.Get(HeaderSignature))
	verify := func() error { return Verify(req, []byte(`{"reason":"abuse"}`), "main", "shared-secret", now) }
	require.NoError(t, verify())
	req.Header.Set(HeaderSystem, "https://staging.example.com/")
	require.ErrorIs(t, verify(), ErrWrongSignature)
	req.Header.Del(HeaderSystem)
	require.ErrorIs(t, verify(), ErrWrongSignature, "nobody on the way takes it off")
}

func TestWhatIsRefused(t *testing.T) {
	body := `{"reason":"abuse"}`
	for name, c := range map[string]struct {
		spoil func(*http.Request)
		body  string
		now   time.Time
		want  error
	}{
		"unsigned":            {func(r *http.Request) { r.Header.Del(HeaderSignature) }, body, now, ErrUnsigned},
		"another version":     {func(r *http.Request) { r.Header.Set(HeaderSignature, "v2=00") }, body, now, ErrUnsigned},
		"no installation":     {func(r *http.Request) { r.Header.Del(HeaderInstallation) }, body, now, ErrUnsigned},
		"not hex":             {func(r *http.Request) { r.Header.Set(HeaderSignature, "v1=xyz") }, body, now, ErrWrongSignature},
		"another body":        {func(*http.Request) {}, `{"reason":"fraud"}`, now, ErrWrongSignature},
		"another path":        {func(r *http.Request) { r.URL.Path = "/v1/services/8/suspend" }, body, now, ErrWrongSignature},
		"another query":       {func(r *http.Request) { r.URL.RawQuery = "wait=6s" }, body, now, ErrWrongSignature},
		"another method":      {func(r *http.Request) { r.Method = http.MethodPut }, body, now, ErrWrongSignature},
		"a changed timestamp": {func(r *http.Request) { r.Header.Set(HeaderTimestamp, "1767225601") }, body, now, ErrWrongSignature},
		"too old":             {func(*http.Request) {}, body, now.Add(Tolerance + time.Second), ErrStale},
		"from the future":     {func(*http.Request) {}, body, now.Add(-Tolerance - time.Second), ErrStale},
		"a cloned WHMCS":      {func(r *http.Request) { Sign(r, []byte(body), "staging", "shared-secret", now) }, body, now, ErrWrongInstallation},
		"another secret":      {func(r *http.Request) { Sign(r, []byte(body), "main", "guess", now) }, body, now, ErrWrongSignature},
	} {
		t.Run(name, func(t *testing.T) {
			req := request(t, body)
			c.spoil(req)
			require.ErrorIs(t, Verify(req, []byte(c.body), "main", "shared-secret", c.now), c.want)
		})
	}
}

func TestNothingIsSignedByAnEmptySecret(t *testing.T) {
	req := request(t, "")
	Sign(req, nil, "main", "", now)
	require.ErrorIs(t, Verify(req, nil, "main", "", now), ErrWrongSignature)
}

func TestACopyOfACallHasTheSameName(t *testing.T) {
	req := request(t, "{}")
	name, at := Signed(req)
	require.Len(t, name, 64)
	require.True(t, now.Equal(at))
	req.Header.Set(HeaderSignature, "v1="+strings.ToUpper(name))
	require.NoError(t, Verify(req, []byte("{}"), "main", "shared-secret", now))
	copied, _ := Signed(req)
	require.Equal(t, name, copied)
}
