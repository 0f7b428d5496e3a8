package composetest

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/secret"
)

// makeSecrets runs deploy/secrets.sh with what a person would type.
func makeSecrets(t *testing.T, folder, typed string) (string, error) {
	t.Helper()
	cmd := exec.Command("sh", filepath.Join(root, "deploy/secrets.sh"))
	cmd.Env = append(os.Environ(), "METALEASE_SECRETS_DIR="+folder)
	cmd.Stdin = strings.NewReader(typed)
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// withSecrets gives a project what deploy/secrets.sh makes. The demonstration has its own.
func withSecrets(t *testing.T, project *types.Project) *types.Project {
	t.Helper()
	if strings.Contains(project.Secrets["DCI_PASSWORD"].File, "demo-secrets") {
		return project
	}
	folder := t.TempDir()
	said, err := makeSecrets(t, folder, "id\nof-whmcs\nof-the-panel\n")
	require.NoError(t, err, said)
	for name, one := range project.Secrets {
		one.File = filepath.Join(folder, filepath.Base(one.File))
		project.Secrets[name] = one
	}
	return project
}

// secretsOf says where the files are that a service sees below /run/secrets.
func secretsOf(t *testing.T, project *types.Project, service string) *strings.Replacer {
	t.Helper()
	var pairs []string
	for _, one := range project.Services[service].Secrets {
		require.Equal(t, "/run/secrets/"+one.Source, one.Target)
		require.FileExists(t, project.Secrets[one.Source].File)
		pairs = append(pairs, "/run/secrets/"+one.Source, project.Secrets[one.Source].File)
	}
	return strings.NewReplacer(pairs...)
}

// A secret is a file that only those see that need it; no environment has one. A gateway needs none of the vendors'
// credentials, so it gets none.
func TestSecretsGoOnlyWhereTheyAreUsed(t *testing.T) {
	allowed := map[string][]string{
		"METALEASE_DB_PASSWORD": {"postgres", "schema", "temporal"}, "METALEASE_GATEWAY_SECRET": {"starter", "worker"},
		"METALEASE_ENCRYPTION_KEY": {"codec", "starter", "worker"}, "METALEASE_SECOND_KEY": {"codec", "starter", "worker"}, "METALEASE_CODEC_TOKEN": {"codec"},
		"WHMCS_IDENTIFIER": {"worker"}, "WHMCS_SECRET": {"worker"}, "WHMCS_ACCESS_KEY": {"worker"}, "DCI_PASSWORD": {"worker"},
	}
	project := observed(t)
	require.ElementsMatch(t, slices.Collect(maps.Keys(allowed)), slices.Collect(maps.Keys(project.Secrets)))
	for name, want := range allowed {
		var holders []string
		for service, s := range project.Services {
			for _, one := range s.Secrets {
				if one.Source == name {
					holders = append(holders, service)
				}
			}
			value, named := s.Environment[name+"_FILE"]
			require.True(t, !named || slices.Contains(want, service), "%s names a file that it does not see", service)
			require.True(t, !named || *value == "/run/secrets/"+name, "%s: %s", service, name)
		}
		require.ElementsMatch(t, want, holders, name)
	}
	suspicious := regexp.MustCompile(`PASSWORD|PWD|SECRET|TOKEN|_KEY|IDENTIFIER`)
	for service, s := range project.Services {
		for name, value := range s.Environment {
			if suspicious.MatchString(name) && !strings.HasSuffix(name, "_FILE") {
				require.Contains(t, []string{"METALEASE_TLS_KEY"}, name, "%s has a secret in its environment: %s=%s", service, name, *value)
			}
		}
	}
}

// TestSecretsAreMade: the script makes every file that docker-compose.yml mounts and no other, for nobody else on the machine, and
// never touches one that is there. Its README names each.
func TestSecretsAreMade(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "secrets")
	said, err := makeSecrets(t, folder, "id\n")
	require.Error(t, err)
	require.Contains(t, said, "nothing was given for WHMCS_SECRET")
	require.NoFileExists(t, filepath.Join(folder, "WHMCS_SECRET"))
	first := read(t, folder, "METALEASE_GATEWAY_SECRET")
	said, err = makeSecrets(t, folder, "a b'\"$x\nof-the-panel\n")
	require.NoError(t, err, said)
	require.NotContains(t, said, "of-the-panel")

	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var made []string
	for _, entry := range entries {
		made = append(made, entry.Name())
		info, err := entry.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o444), info.Mode(), "each container reads it as another user")
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(load(t, "deploy/env.example").Secrets)), made)
	info, err := os.Stat(folder)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	require.Equal(t, first, read(t, folder, "METALEASE_GATEWAY_SECRET"), "what is there stays")
	require.NotEqual(t, first, read(t, folder, "METALEASE_DB_PASSWORD"))
	require.Equal(t, "a b'\"$x\n", read(t, folder, "WHMCS_SECRET"))
	_, err = config.EncryptionKey{Key: secret.New(read(t, folder, "METALEASE_ENCRYPTION_KEY"))}.Bytes()
	require.NoError(t, err)

	readme := read(t, root, "deploy/secrets/README.md")
	for _, name := range made {
		require.Contains(t, readme, "`"+name+"`")
		require.FileExists(t, filepath.Join(root, "deploy/demo-secrets", name))
	}
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	return string(text)
}

// uncommented switches on what a configuration has as a comment, from the part temporal on.
func uncommented(t *testing.T, text string) string {
	t.Helper()
	before, part, found := strings.Cut(text, "# temporal:\n")
	require.True(t, found, "the part temporal is there as a comment")
	indent := before[strings.LastIndex(before, "\n")+1:]
	lines := []string{"temporal:"}
	for line := range strings.Lines(part) {
		line = strings.TrimPrefix(strings.TrimRight(line, "\n"), indent)
		if !strings.HasPrefix(line, "# ") {
			break
		}
		lines = append(lines, indent+strings.Replace(line[2:], "# - ", "- ", 1))
	}
	return before + strings.Join(lines, "\n") + "\n"
}

// TestEncryptionCanBeSwitchedOn: with the comment taken away, worker, gateway and codec server have the keys, and the second one.
func TestEncryptionCanBeSwitchedOn(t *testing.T) {
	project := withSecrets(t, observed(t))
	second := project.Secrets["METALEASE_SECOND_KEY"].File
	require.NoError(t, os.Remove(second))
	require.NoError(t, os.WriteFile(second, []byte(strings.Repeat("ab", 32)+"\n"), 0o600))
	text := read(t, root, "deploy/metalease.yaml")
	for service, role := range map[string]config.Role{"worker": config.ForWorker, "starter": config.ForGateway, "codec": config.ForCodec} {
		t.Run(service, func(t *testing.T) {
			read := configOf(t, project, service, role, text, uncommented(t, text))
			keys := read.Temporal.Encryption.Keys
			require.Len(t, keys, 2)
			require.Equal(t, []string{config.KeyEncrypts, config.KeyDecrypts}, []string{keys[0].Role, keys[1].Role})
			for _, key := range keys {
				_, err := key.Bytes()
				require.NoError(t, err)
			}
		})
	}
}

// TestProfilesAndTheAuditFileHaveTheirPlace: a profile that .env names is found where the folder is mounted; the audit file is on a
// volume, or in the log when .env says so.
func TestProfilesAndTheAuditFileHaveTheirPlace(t *testing.T) {
	project := withSecrets(t, load(t, "deploy/env.example", "DCI_PROFILE=profiles/fra1.profile.yaml"))
	var places []string
	for _, mount := range project.Services["worker"].Volumes {
		places = append(places, mount.Type+" "+mount.Target)
	}
	require.Contains(t, places, "bind /etc/metalease/profiles")
	require.Contains(t, places, "volume /var/log/metalease")
	require.Contains(t, project.Volumes, "audit")
	read := configOf(t, project, "worker", config.ForWorker)
	require.Regexp(t, `/profiles/fra1\.profile\.yaml$`, read.Panels[0].Profile)
	require.Equal(t, "/var/log/metalease/audit.json", read.Log.AuditFile)
	inLog := withSecrets(t, load(t, "deploy/env.example", "METALEASE_AUDIT_FILE="))
	require.Empty(t, configOf(t, inLog, "worker", config.ForWorker).Log.AuditFile)
	dockerfile, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	require.NoError(t, err)
	require.Regexp(t, `(?m)^RUN .*install -d -o metalease -g metalease .*/var/log/metalease`, string(dockerfile), "an empty volume takes its owner from the image")
}
