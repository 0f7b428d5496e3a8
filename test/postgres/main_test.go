// Package postgres runs the whole set as it runs in a data centre: PostgreSQL, two Temporal servers, two workers and two gateways, with
// the files that docker-compose.yml mounts. `make test-postgres` is the way to run it.
package postgres

import (
	"os"
	"runtime"
	"testing"

	"metalease/test/harness"
)

// programs is where TestMain has built them.
var programs string

func TestMain(m *testing.M) {
	os.Exit(harness.Main(m, &programs, runtime.GOMAXPROCS(0), "TEMPORAL_CLI", "TEMPORAL_SERVER"))
}
