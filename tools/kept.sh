# Sourced by scripts that build a large program once and keep it in the user's cache, under its version. They define say.
# shellcheck shell=bash

# The folder of what is kept.
kept_cache=${XDG_CACHE_HOME:-$HOME/.cache}/metalease

# kept_version FOLDER MODULE: the version of a module in the go.mod of a folder, without the v.
kept_version() { sed -n "s#^.*$2 v\([^ ]*\).*#\1#p" "$1/go.mod"; }

# kept NAME TEXT BUILD: makes $kept_cache/NAME unless it is there: BUILD is called with the path at which to make it.
# TEXT says what is built and how long it takes.
kept() {
  local name=$1 text=$2 build=$3 started=$SECONDS
  [[ ! -x $kept_cache/$name ]] || return 0
  if ! command -v go >/dev/null; then
    say "there is no go on PATH to build it; install Go 1.26 or newer"
    exit 1
  fi
  mkdir -p "$kept_cache"
  # Two builds at once would take twice as long; the second waits for the first and finds its result.
  if command -v flock >/dev/null; then
    exec 9>"$kept_cache/.$name.lock"
    flock -n 9 || { say "another build is running; waiting for it"; flock 9; }
    [[ ! -x $kept_cache/$name ]] || return 0
  fi
  say "$text Result: $kept_cache/$name"
  # A name of its own, renamed when complete: an interrupted build never leaves half a program behind.
  kept_partial=$(mktemp -d "$kept_cache/.$name.XXXXXX")
  # A timed read of what never comes, since a sleep would outlive the loop and keep the caller's pipe open.
  (exec 8<> <(:); while ! read -r -t "${TEMPORAL_CLI_PROGRESS:-15}" -u 8; do say "still building, $((SECONDS - started)) s"; done) >/dev/null &
  kept_progress=$!
  trap 'kill "$kept_progress" 2>/dev/null || true; rm -rf "$kept_partial"' EXIT
  "$build" "$kept_partial/made" >&2
  mv "$kept_partial/made" "$kept_cache/$name"
  say "built in $((SECONDS - started)) s"
}

# kept_go FOLDER OUTPUT PACKAGE: one program of the module in a folder.
kept_go() { (cd "$1" && CGO_ENABLED=0 GOWORK=off go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$2" "$3"); }
