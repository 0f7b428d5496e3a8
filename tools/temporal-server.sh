#!/usr/bin/env bash
# Prints the path of a folder with the official programs of a Temporal server on a database, as they are in its images:
# temporal-server and temporal-sql-tool. They are built from the version in tools/temporal-server/go.mod, once, and kept
# in the user's cache. TEMPORAL_SERVER, a folder that has both, goes first.
# Only the path goes to standard output; everything else to standard error.
set -euo pipefail

say() { echo "temporal-server: $*" >&2; }

if [[ -n ${TEMPORAL_SERVER:-} ]]; then
  for program in temporal-server temporal-sql-tool; do
    [[ -x $TEMPORAL_SERVER/$program ]] || { say "TEMPORAL_SERVER=$TEMPORAL_SERVER has no program $program"; exit 1; }
  done
  echo "$TEMPORAL_SERVER"
  exit
fi

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$tools/kept.sh"
module=$tools/temporal-server
name=temporal-server-$(kept_version "$module" go.temporal.io/server)
make_it() {
  mkdir "$1"
  kept_go "$module" "$1/temporal-server" go.temporal.io/server/cmd/server
  kept_go "$module" "$1/temporal-sql-tool" go.temporal.io/server/cmd/tools/sql
}
kept "$name" "building $name for the tests on PostgreSQL. This happens once and takes 4 to 8 minutes on two cores." make_it
echo "$kept_cache/$name"
