#!/usr/bin/env bash
# Prints the path of a usable `temporal` (server, Web UI and command line in one):
#   1. $TEMPORAL_CLI   2. temporal on PATH   3. a build of the version in tools/temporal/go.mod, kept in the user's cache.
# Only the path goes to standard output; everything else to standard error.
set -euo pipefail

say() { echo "temporal-cli: $*" >&2; }

if [[ -n ${TEMPORAL_CLI:-} ]]; then
  if [[ ! -x $TEMPORAL_CLI || -d $TEMPORAL_CLI ]]; then
    say "TEMPORAL_CLI=$TEMPORAL_CLI is not a program"
    exit 1
  fi
  echo "$TEMPORAL_CLI"
  exit
fi
if found=$(command -v temporal); then
  echo "$found"
  exit
fi

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$tools/kept.sh"
module=$tools/temporal
name=temporal-$(kept_version "$module" github.com/temporalio/cli)
make_it() { kept_go "$module" "$1" github.com/temporalio/cli/cmd/temporal; chmod 755 "$1"; }
kept "$name" "building $name (server, Web UI, command line) for the demonstration and the end-to-end tests. This happens once and takes 3 to 7 minutes on two cores." make_it
echo "$kept_cache/$name"
