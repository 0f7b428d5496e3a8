package config

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const encryption = `
temporal: {encryption: {keys: [{id: k2, key: "${METALEASE_TEST_KEY}"}, {id: k1, key: "` + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + `", role: decrypt}]}}
`

func TestTheKeysOfTemporal(t *testing.T) {
	t.Setenv("METALEASE_TEST_KEY", strings.Repeat("b", 64))
	for _, role := range []Role{ForWorker, ForGateway, ForCommandLine, ForConnection} {
		config, err := Load(write(t, least+encryption), role)
		require.NoError(t, err, role)
		keys := config.Temporal.Encryption.Keys
		require.Equal(t, []string{"k2", "k1"}, []string{keys[0].ID, keys[1].ID}, role)
		require.Equal(t, strings.Repeat("b", 64), keys[0].Key.Reveal())
		require.Contains(t, config.Secrets(), strings.Repeat("b", 64))
	}
	t.Setenv("METALEASE_TEST_KEY", "too short")
	require.Equal(t, []string{"metalease.yaml:8: temporal.encryption.keys[0].key: is not a key: 64 hex digits are (try: openssl rand -hex 32)"},
		faults(t, least+encryption, ForConnection))
}

// One key encrypts: with two, what is written would hang on the order of a file; with none, nothing would say so.
func TestOneKeyEncrypts(t *testing.T) {
	key := strings.Repeat("a", 64)
	keys := func(roles ...string) string {
		text := "temporal: {encryption: {keys: ["
		for i, role := range roles {
			text += "{id: k" + strconv.Itoa(i) + ", key: " + key + role + "}, "
		}
		return least + text + "]}}\n"
	}
	for _, text := range []string{keys(""), keys("", ", role: decrypt"), keys(", role: decrypt", ", role: encrypt", ", role: decrypt")} {
		config, err := Load(write(t, text), ForGateway)
		require.NoError(t, err)
		require.NotEmpty(t, config.Temporal.Encryption.Encrypting())
	}
	config, err := Load(write(t, keys(", role: decrypt", "")), ForConnection)
	require.NoError(t, err)
	require.Equal(t, "k1", config.Temporal.Encryption.Encrypting(), "whatever the order")
	require.Equal(t, []string{`metalease.yaml:7: temporal.encryption.keys[1].role: the key "k0" encrypts already: one key does, the others have role: decrypt`},
		faults(t, keys("", ""), ForWorker))
	require.Equal(t, []string{"metalease.yaml:7: temporal.encryption.keys: no key encrypts: one has role: encrypt"}, faults(t, keys(", role: decrypt"), ForCommandLine))
	require.Equal(t, []string{`metalease.yaml:7: temporal.encryption.keys[0].role: "retired" is not one of encrypt, decrypt`}, faults(t, keys(", role: retired"), ForConnection))
}

func TestTheCodecServerNeedsKeysAndAToken(t *testing.T) {
	require.Equal(t, []string{
		"metalease.yaml: temporal.encryption.codec_token: is missing",
		"metalease.yaml: temporal.encryption.keys: names no key: nothing is encrypted",
	}, faults(t, least, ForCodec))
	twice := strings.ReplaceAll(strings.ReplaceAll(encryption, "k2", "k1"), "${METALEASE_TEST_KEY}", strings.Repeat("c", 64))
	require.Equal(t, []string{`metalease.yaml:8: temporal.encryption.keys[1].id: "k1" is the id of two keys`}, faults(t, least+twice, ForCommandLine))
}

// Who only speaks to Temporal needs nothing of the file but its keys, and no file at all.
func TestAConnectionAlone(t *testing.T) {
	t.Setenv("METALEASE_TEST_KEY", strings.Repeat("b", 64))
	for name, text := range map[string]string{"nothing else": encryption, "what is wrong elsewhere": "panels: 5\nnonsense: 1\n" + encryption} {
		config, err := Load(write(t, text), ForConnection)
		require.NoError(t, err, name)
		require.Len(t, config.Temporal.Encryption.Keys, 2, name)
		require.Empty(t, config.Installation)
	}
	for name, path := range map[string]string{"no file": "/none/metalease.yaml", "no YAML": write(t, "a: [")} {
		config, err := Load(path, ForConnection)
		require.NoError(t, err, name)
		require.Empty(t, config.Temporal.Encryption.Keys, name)
	}
	_, err := Load("/none/metalease.yaml", ForCommandLine)
	require.Error(t, err)
}
