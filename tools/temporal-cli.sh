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

module=$(cd "$(dirname "${BASH_SOURCE[0]}")/temporal" && pwd)
version=$(sed -n 's#^.*github.com/temporalio/cli v\([^ ]*\).*#\1#p' "$module/go.mod")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/metalease
binary=$cache/temporal-$version

if [[ ! -x $binary ]]; then
  if ! command -v go >/dev/null; then
    say "neither temporal nor go is on PATH; install Go 1.26 or newer, or set TEMPORAL_CLI"
    exit 1
  fi
  mkdir -p "$cache"
  # Two builds at once would take twice as long; the second waits for the first and finds its result.
  if command -v flock >/dev/null; then
    exec 9>"$cache/.temporal-$version.lock"
    flock -n 9 || { say "another build is running; waiting for it"; flock 9; }
  fi
fi

if [[ ! -x $binary ]]; then
  say "building Temporal $version (server, Web UI, command line) for the demonstration and the end-to-end tests."
  say "This happens once and takes 3 to 7 minutes on two cores. Result: $binary"
  started=$SECONDS
  # A name of its own, renamed when complete: an interrupted build never leaves half a program behind.
  partial=$(mktemp "$cache/.temporal-$version.XXXXXX")
  # A timed read of what never comes, since a sleep would outlive the loop and keep the caller's pipe open.
  (exec 8<> <(:); while ! read -r -t "${TEMPORAL_CLI_PROGRESS:-15}" -u 8; do say "still building, $((SECONDS - started)) s"; done) >/dev/null &
  progress=$!
  trap 'kill "$progress" 2>/dev/null || true; rm -f "$partial"' EXIT
  (cd "$module" && CGO_ENABLED=0 GOWORK=off go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$partial" github.com/temporalio/cli/cmd/temporal >&2)
  chmod 755 "$partial"
  mv "$partial" "$binary"
  say "built in $((SECONDS - started)) s"
fi
echo "$binary"
