package codec

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"

	"metalease/internal/config"
	"metalease/internal/secret"
)

func key(id, digit string) config.EncryptionKey {
	return config.EncryptionKey{ID: id, Key: secret.New(strings.Repeat(digit, 64))}
}

func made(t *testing.T, keys ...config.EncryptionKey) *Codec {
	t.Helper()
	c, err := New(config.Encryption{Keys: keys})
	require.NoError(t, err)
	return c
}

func payload(t *testing.T, text string) *commonpb.Payload {
	t.Helper()
	p, err := converter.GetDefaultDataConverter().ToPayload(text)
	require.NoError(t, err)
	return p
}

func TestWhatIsEncryptedComesBack(t *testing.T) {
	c := made(t, key("k2", "b"), key("k1", "a"))
	plain := []*commonpb.Payload{payload(t, "s101.example.com"), payload(t, "")}
	sealed, err := c.Encode(plain)
	require.NoError(t, err)
	for _, p := range sealed {
		require.NotContains(t, p.String(), "example")
		require.Equal(t, "k2", string(p.GetMetadata()[metadataKey]), "the first key encrypts")
	}
	again, err := c.Encode(plain)
	require.NoError(t, err)
	require.NotEqual(t, sealed[0].GetData(), again[0].GetData(), "the same text never looks the same")
	opened, err := c.Decode(sealed)
	require.NoError(t, err)
	require.Equal(t, plain[0].String(), opened[0].String())
	require.Equal(t, plain[1].String(), opened[1].String())
}

func TestRotation(t *testing.T) {
	old, err := made(t, key("k1", "a")).Encode([]*commonpb.Payload{payload(t, "old")})
	require.NoError(t, err)
	_, err = made(t, key("k2", "b"), key("k1", "a")).Decode(old)
	require.NoError(t, err, "the old key is kept")
	_, err = made(t, key("k2", "b")).Decode(old)
	require.ErrorContains(t, err, `encrypted with the key "k1", which temporal.encryption of this configuration does not have`)
	_, err = made(t).Decode(old)
	require.ErrorContains(t, err, `"k1"`, "who has no key at all must not take it for something else")
	_, err = made(t, key("k1", "b")).Decode(old)
	require.ErrorContains(t, err, "another key has that id")
}

func TestPlainStaysPlain(t *testing.T) {
	plain := []*commonpb.Payload{payload(t, "abuse")}
	opened, err := made(t, key("k1", "a")).Decode(plain)
	require.NoError(t, err)
	require.Equal(t, plain, opened, "what a person types")
	sealed, err := made(t).Encode(plain)
	require.NoError(t, err)
	require.Equal(t, plain, sealed, "without keys nothing is encrypted")
}

func TestWhatWasChangedIsNoPayload(t *testing.T) {
	c := made(t, key("k1", "a"), key("k2", "b"))
	sealed, err := c.Encode([]*commonpb.Payload{payload(t, "text")})
	require.NoError(t, err)
	for i := range sealed[0].GetData() {
		sealed[0].Data[i] ^= 1
		_, err := c.Decode(sealed)
		require.Error(t, err, "byte %d", i)
		sealed[0].Data[i] ^= 1
	}
	sealed[0].Data = sealed[0].GetData()[:4]
	_, err = c.Decode(sealed)
	require.ErrorContains(t, err, "is cut off")
}

func TestNoCipherOfWhatIsNoKey(t *testing.T) {
	_, err := New(config.Encryption{Keys: []config.EncryptionKey{{ID: "k1", Key: secret.New(strings.Repeat("z", 64))}}})
	require.ErrorContains(t, err, "key k1: is not a key")
	require.NotContains(t, err.Error(), "zzz")
}

func TestTheCodecServer(t *testing.T) {
	c := made(t, key("k1", "a"))
	server := httptest.NewServer(c.Handler("the-token-of-staff", "http://ui.example.com"))
	t.Cleanup(server.Close)
	sealed, err := c.Encode([]*commonpb.Payload{payload(t, "s101.example.com")})
	require.NoError(t, err)
	question, err := protojson.Marshal(&commonpb.Payloads{Payloads: sealed})
	require.NoError(t, err)

	ask := func(method, path, origin, authorization string) (code int, header http.Header, body string) {
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(string(question)))
		require.NoError(t, err)
		req.Header.Set("Origin", origin)
		req.Header.Set("Authorization", authorization)
		answer, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer func() { _ = answer.Body.Close() }()
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, answer.Header, string(text)
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("anybody:the-token-of-staff"))
	for _, authorization := range []string{"Bearer the-token-of-staff", basic} {
		code, header, body := ask("POST", "/decode", "http://ui.example.com", authorization)
		require.Equal(t, http.StatusOK, code, body)
		require.Contains(t, body, base64.StdEncoding.EncodeToString([]byte(`"s101.example.com"`)))
		require.Equal(t, "http://ui.example.com", header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "no-store", header.Get("Cache-Control"))
	}
	for _, wrong := range []string{"", "Bearer ", "Bearer wrong", "the-token-of-staff", "Basic eDp5"} {
		code, header, body := ask("POST", "/decode", "", wrong)
		require.Equal(t, http.StatusUnauthorized, code, wrong)
		require.Contains(t, header.Get("WWW-Authenticate"), "Basic")
		require.NotContains(t, body, "example")
	}
	code, header, _ := ask("POST", "/decode", "http://evil.example.com", "Bearer the-token-of-staff")
	require.Equal(t, http.StatusForbidden, code)
	require.Empty(t, header.Get("Access-Control-Allow-Origin"))
	code, header, _ = ask("OPTIONS", "/decode", "http://ui.example.com", "")
	require.Equal(t, http.StatusNoContent, code)
	require.Contains(t, header.Get("Access-Control-Allow-Headers"), "Authorization")
	code, _, body := ask("GET", "/", "", basic)
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, "signed in")

	closed := httptest.NewServer(c.Handler("", ""))
	t.Cleanup(closed.Close)
	answer, err := http.Post(closed.URL+"/decode", "application/json", strings.NewReader(string(question)))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode, "no token lets nobody in")
}
