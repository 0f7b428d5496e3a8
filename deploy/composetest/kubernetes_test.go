package composetest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"metalease/internal/config"
	"metalease/internal/selfsigned"
)

// manifests are what deploy/kubernetes holds, read strictly: a field that Kubernetes does not know is a fault.
type manifests struct {
	deployments map[string]appsv1.Deployment
	budgets     []policyv1.PodDisruptionBudget
	config      string
	services    []corev1.Service
}

func readManifests(t *testing.T) manifests {
	t.Helper()
	text, err := os.ReadFile("../kubernetes/metalease.yaml")
	require.NoError(t, err)
	all := manifests{deployments: map[string]appsv1.Deployment{}}
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
	defer func() { _ = documents.Close() }()
	for {
		buffer := make([]byte, len(text))
		n, err := documents.Read(buffer)
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		document := buffer[:n]
		var kind struct {
			Kind string `json:"kind"`
		}
		require.NoError(t, sigsyaml.Unmarshal(document, &kind))
		read := func(into any) { require.NoError(t, sigsyaml.UnmarshalStrict(document, into), kind.Kind) }
		switch kind.Kind {
		case "Deployment":
			var d appsv1.Deployment
			read(&d)
			all.deployments[d.Name] = d
		case "PodDisruptionBudget":
			var b policyv1.PodDisruptionBudget
			read(&b)
			all.budgets = append(all.budgets, b)
		case "ConfigMap":
			var c corev1.ConfigMap
			read(&c)
			all.config = c.Data["metalease.yaml"]
		case "Service":
			var s corev1.Service
			read(&s)
			all.services = append(all.services, s)
		default:
			require.Equal(t, "ServiceAccount", kind.Kind)
			read(new(corev1.ServiceAccount))
		}
	}
}

// TestTheKubernetesManifests: every secret that a program's part of the configuration names is a file in its
// pod and nowhere in its environment, no pod can write or rise, and nothing that is selected is missed.
func TestTheKubernetesManifests(t *testing.T) {
	all := readManifests(t)
	require.Len(t, all.deployments, 2)
	roles := map[string]config.Role{"metalease-worker": config.ForWorker, "metalease-gateway": config.ForGateway}
	for name, role := range roles {
		d, is := all.deployments[name]
		require.True(t, is, name)
		pod := d.Spec.Template
		require.Equal(t, d.Spec.Selector.MatchLabels, pod.Labels)
		require.GreaterOrEqual(t, *d.Spec.Replicas, int32(2), "one may end at any moment")
		require.True(t, *pod.Spec.SecurityContext.RunAsNonRoot)
		require.False(t, *pod.Spec.AutomountServiceAccountToken)
		container := pod.Spec.Containers[0]
		require.True(t, *container.SecurityContext.ReadOnlyRootFilesystem)
		require.False(t, *container.SecurityContext.AllowPrivilegeEscalation)
		require.Equal(t, []corev1.Capability{"ALL"}, container.SecurityContext.Capabilities.Drop)

		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for _, variable := range container.Env {
				if secret, is := strings.CutSuffix(variable.Name, "_FILE"); is {
					require.Equal(t, "/etc/metalease/secrets/"+secret, variable.Value)
					path := filepath.Join(folder, secret)
					require.NoError(t, os.WriteFile(path, []byte("0123456789abcdef0123"), 0o600))
					t.Setenv(variable.Name, path)
				}
			}
			certificate := filepath.Join(folder, "tls.crt")
			_, err := selfsigned.Keep(certificate)
			require.NoError(t, err)
			load := func(text string) *config.Config {
				text = strings.NewReplacer("/etc/metalease/tls/tls.crt", certificate, "/etc/metalease/tls/tls.key", certificate+".key").Replace(text)
				path := filepath.Join(folder, "metalease.yaml")
				require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
				read, err := config.Load(path, role)
				require.NoError(t, err)
				return read
			}
			require.Equal(t, "0123456789abcdef0123", load(all.config).Gateway.Secret.Reveal())

			for _, key := range []string{"METALEASE_ENCRYPTION_KEY", "METALEASE_SECOND_KEY"} {
				require.NoError(t, os.WriteFile(filepath.Join(folder, key), []byte(strings.Repeat("ab", 32)), 0o600))
			}
			switched := load(uncommented(t, strings.ReplaceAll(all.config, "# profile:", "profile:")))
			require.Len(t, switched.Temporal.Encryption.Keys, 2, "encryption can be switched on")
			require.Equal(t, filepath.Join(folder, "profiles/fra1.profile.yaml"), switched.Panels[0].Profile)
			require.Empty(t, switched.Log.AuditFile, "a pod keeps no file")
		})
		requireMounts(t, pod.Spec)
		require.Contains(t, budgetLabels(all), pod.Labels["app.kubernetes.io/component"])
	}
	gateway := all.deployments["metalease-gateway"].Spec.Template
	for key, value := range all.services[0].Spec.Selector {
		require.Equal(t, value, gateway.Labels[key])
	}
	require.Equal(t, gateway.Spec.Containers[0].Ports[0].Name, all.services[0].Spec.Ports[0].TargetPort.StrVal)
}

// requireMounts: each folder that the configuration names is a volume, of which a pod keeps nothing and changes nothing.
func requireMounts(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	volumes := map[string]corev1.Volume{}
	for _, v := range pod.Volumes {
		require.True(t, v.ConfigMap != nil || v.Secret != nil || v.Projected != nil, "%s keeps something", v.Name)
		volumes[v.Name] = v
	}
	mounted := map[string]string{}
	for _, m := range pod.Containers[0].VolumeMounts {
		require.True(t, m.ReadOnly, m.Name)
		require.Contains(t, volumes, m.Name)
		mounted[m.MountPath] = m.Name
	}
	require.Contains(t, mounted, "/etc/metalease/secrets")
	profiles := volumes[mounted["/etc/metalease/profiles"]].ConfigMap
	require.NotNil(t, profiles)
	require.True(t, *profiles.Optional, "a host without profiles starts, too")
	if projected := volumes["secrets"].Projected; projected != nil {
		for _, source := range projected.Sources {
			for _, item := range source.Secret.Items {
				require.NotRegexp(t, "WHMCS|DCI", item.Key, "a gateway needs none of the vendors' credentials")
			}
		}
	}
}

func budgetLabels(all manifests) []string {
	var parts []string
	for _, b := range all.budgets {
		parts = append(parts, b.Spec.Selector.MatchLabels["app.kubernetes.io/component"])
	}
	return parts
}
