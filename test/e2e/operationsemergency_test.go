package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// notHere are the commands that no test of this repository can type, with the reason.
var notHere = map[string]string{
	"export TEMPORAL_ADDRESS=127.0.0.1:7233 TEMPORAL_NAMESPACE=metalease METALEASE_CONFIG=/etc/metalease/metalease.yaml": "the set has an environment of its own",
	"docker compose up --detach --scale worker=3":                           "there is no container engine; deploy/composetest reads the file as compose does",
	"docker compose --profile observe up --detach":                          "there is no container engine; deploy/composetest reads the file as compose does",
	"docker compose up --detach --no-recreate --scale worker=2 worker":      "there is no container engine; the process is stopped as it would be",
	"systemctl stop metalease-worker":                                       "there is no systemd; the process is stopped as it would be",
	"temporal workflow list --query 'TemporalReportedProblems IS NOT NULL'": "the Temporal of these tests is of version 1.29, which does not have that",
}

// codecToken is shown to the codec server; encrypted is the part of a configuration that has everything encrypted that Temporal keeps.
const codecToken, encryptionKey = "the-token-of-staff", "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"

const encrypted = `
temporal:
  encryption:
    keys: [{id: "2026", key: ` + encryptionKey + `}]
    codec_token: ` + codecToken + "\n"

// emergency is what is typed when services come from another module, when servers run out, when a new version comes, and when the
// database is lost.
var emergency = []step{
	{"operations.md", "starter adopt --product 7 --dry-run", old, ""},
	{"operations.md", "starter adopt --product 7", nil, ""},
	{"operations.md", "starter detach 101", nil, ""},
	{"operations.md", "starter detach --all --product 7 --dry-run", nil, ""},
	{"operations.md", "starter detach --all --product 7", nil, ""},

	{"operations.md", "starter codec keys", adopted, ""},
	{"operations.md", "starter codec keys --renew", nil, ""},
	{"operations.md", "starter codec --origin http://127.0.0.1:8233", nil, ""},
	{"operations.md", `temporal workflow show --workflow-id service-101 --codec-endpoint http://127.0.0.1:8081 --codec-auth "Bearer TOKEN"`, nil, ""},

	{"troubleshooting.md", "starter status 101", waiting, ""},
	{"troubleshooting.md", "starter stock --refresh", nil, ""},
	{"troubleshooting.md", "starter status 101", limited, ""},
	{"troubleshooting.md", `starter pause --panel fra1 --reason "looking"`, nil, ""},
	{"troubleshooting.md", "starter resume --panel fra1", nil, ""},

	{"upgrade.md", "temporal worker deployment describe --name metalease", deployed, ""},
	{"upgrade.md", "temporal worker deployment set-ramping-version --deployment-name metalease --build-id 0.2.0 --percentage 5 --yes", nil, ""},
	{"upgrade.md", "temporal worker deployment set-current-version --deployment-name metalease --build-id 0.2.0 --yes", nil, ""},
	{"upgrade.md", "temporal worker deployment set-current-version --deployment-name metalease --unversioned --yes", nil, ""},
	{"operations.md", "temporal task-queue describe --task-queue metalease", drained, ""},
	{"troubleshooting.md", "starter status 101", workerless, ""},
	{"troubleshooting.md", "temporal task-queue describe --task-queue metalease", nil, ""},

	{"operations.md", `starter pause --all --reason "the database is lost"`, lostDatabase, ""},
	{"operations.md", "starter adopt --from-marks --dry-run", started, ""},
	{"operations.md", "starter adopt --from-marks", nil, ""},
	{"operations.md", "starter resume --all --when-clean", nil, ""},
}

// TestAnEmergencyOfAnOperator types what the documents say of moves, shortage, upgrades and loss, at a set whose Temporal is encrypted
// until it is lost.
func TestAnEmergencyOfAnOperator(t *testing.T) {
	t.Parallel()
	newOperator(t, stack.Options{PanelConfig: "max_releases_per_hour: 1", PanelFlags: []string{"--servers", "3"}, Config: quick + encrypted}).tell(emergency)
}

// old are two services of the module that a host comes from.
func old(o *operator) {
	o.t.Helper()
	ids := []int{o.bought(7), o.bought(8)}
	o.table(ids...)
	o.becomes(api.Status{ServiceID: ids[0]})
	o.spare = ids
}

// adopted has both be ours for good.
func adopted(o *operator) {
	o.t.Helper()
	o.starter("adopt", "--product", "1")
	o.becomes(o.awaitPhase(o.spare[0], api.PhaseActive))
}

// waiting is an order for which there is no server.
func waiting(o *operator) {
	o.t.Helper()
	o.spare = append(o.spare, o.order(simulator.Order{ClientID: 9}))
	o.awaitPhase(o.spare[2], api.PhaseActive)
	o.becomes(o.awaitPhase(o.order(simulator.Order{ClientID: 7}), api.PhaseWaiting))
}

// limited is one whose release is more than an hour allows.
func limited(o *operator) {
	o.t.Helper()
	o.starter("terminate", o.id(), "--yes", "--wait", "60s") // it has waited, and had no server
	o.starter("terminate", fmt.Sprint(o.spare[1]), "--yes", "--wait", "60s")
	o.awaitPhase(o.spare[1], api.PhaseReleased)
	o.becomes(o.awaitPhase(o.spare[2], api.PhaseActive))
	o.send(o.service.ServiceID, api.SignalTerminate)
	o.becomes(o.await(o.service.ServiceID, "stopped by the limit", inAttention))
}

// deployed is a worker of the next version beside the one that runs.
func deployed(o *operator) {
	o.t.Helper()
	o.starter("retry", o.id(), "--wait", "60s")
	o.awaitPhase(o.service.ServiceID, api.PhaseReleased)
	worker, err := o.AddWorker(o.ctx, "worker-next", func(config string) string { return config + "worker: {versioning: true, build_id: 0.2.0}\n" })
	require.NoError(o.t, err)
	o.deployed = worker
	require.True(o.t, o.eventually(func() bool {
		out, err := o.TemporalCommand(o.ctx, "worker", "deployment", "describe", "--name", "metalease")
		return err == nil && strings.Contains(out, "0.2.0")
	}))
}

// drained has one worker of two be gone.
func drained(o *operator) {
	o.t.Helper()
	o.deployed.Stop()
	o.becomes(o.awaitPhase(o.spare[0], api.PhaseActive))
}

// workerless is a set without any worker.
func workerless(o *operator) {
	o.t.Helper()
	o.Worker.Stop()
}

// lostDatabase is a new Temporal, in which nothing is and nothing is encrypted any more.
func lostDatabase(o *operator) {
	o.t.Helper()
	o.Gateway.Kill()
	o.Temporal.Kill()
	config, err := os.ReadFile(o.ConfigFile())
	require.NoError(o.t, err)
	require.NoError(o.t, os.WriteFile(o.ConfigFile(), []byte(strings.Replace(string(config), encrypted, "", 1)), 0o600))
	require.NoError(o.t, o.Temporal.Start())
	require.True(o.t, o.eventually(func() bool {
		_, err := o.TemporalCommand(o.ctx, "operator", "namespace", "describe", "default")
		return err == nil
	}))
}

// started has what was stopped run again.
func started(o *operator) {
	o.t.Helper()
	require.NoError(o.t, o.AwaitWorker(o.ctx))
	require.NoError(o.t, o.AwaitGateway(o.ctx))
}
