#!/usr/bin/env bash
# Tests tools/temporal-cli.sh and tools/temporal-server.sh with a go that only pretends to build.
set -euo pipefail

script=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/temporal-cli.sh
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/bin" "$room/go"
for program in bash sed cat mkdir mktemp chmod mv rm dirname flock; do
  ln -s "$(command -v "$program")" "$room/bin/"
done
version=$(sed -n 's#^.*github.com/temporalio/cli v\([^ ]*\).*#\1#p' "$(dirname "$script")/temporal/go.mod")
built=$room/cache/metalease/temporal-$version

cat > "$room/go/go" <<'GO'
#!/usr/bin/env bash
echo build >> "$BUILDS"
[[ -z ${BROKEN:-} ]] || exit 1
read -r -t "${BUILD_TIME:-0}" <> <(:) || true
while [[ $1 != -o ]]; do shift; done
echo '#!/bin/sh' > "$2"
chmod +x "$2"
GO
chmod +x "$room/go/go"

run() { env -i PATH="$room/bin:${more_path:-}" HOME="$room" XDG_CACHE_HOME="$room/cache" BUILDS="$room/builds" "$@" "$script" 2>"$room/err"; }
fail() { echo "FAIL: $*" >&2; cat "$room/err" >&2; exit 1; }
same() { [[ $1 == "$2" ]] || fail "$3: got '$1', want '$2'"; }

if run; then fail "without go it must fail"; fi
grep -q "install Go" "$room/err" || fail "it must say that go is missing"

more_path=$room/go
if run BROKEN=1; then fail "a failed build must fail"; fi
[[ ! -e $built ]] || fail "a failed build must leave nothing to use"
same "$(find "$room/cache/metalease" -name '.temporal-*' ! -name '*.lock' | wc -l)" 0 "left over"

: > "$room/builds"
run BUILD_TIME=1.5 TEMPORAL_CLI_PROGRESS=0.5 > "$room/first" & first=$!
run BUILD_TIME=1.5 > "$room/second" & second=$!
wait "$first"; wait "$second"
same "$(cat "$room/first")" "$built" "first of two at once"
same "$(cat "$room/second")" "$built" "second of two at once"
same "$(wc -l < "$room/builds")" 1 "builds for two at once"
[[ -x $built ]] || fail "the result must be a program"

same "$(run)" "$built" "the kept build"
same "$(wc -l < "$room/builds")" 1 "builds after one was kept"

rm "$built"
run BUILD_TIME=1.2 TEMPORAL_CLI_PROGRESS=0.5 > /dev/null
grep -q "3 to 7 minutes" "$room/err" || fail "it must say how long it takes"
grep -q "still building" "$room/err" || fail "it must show progress"

mkdir "$room/path"; cp "$built" "$room/path/temporal"; more_path=$room/path
same "$(run)" "$room/path/temporal" "temporal on PATH"
same "$(run TEMPORAL_CLI="$built")" "$built" "TEMPORAL_CLI goes first"
if run TEMPORAL_CLI=/nowhere; then fail "a wrong TEMPORAL_CLI must fail"; fi
grep -q "/nowhere is not a program" "$room/err" || fail "it must name the wrong TEMPORAL_CLI"

# The server's programs stand in a folder of their own.
script=$(dirname "$script")/temporal-server.sh
version=$(sed -n 's#^.*go.temporal.io/server v\([^ ]*\).*#\1#p' "$(dirname "$script")/temporal-server/go.mod")
built=$room/cache/metalease/temporal-server-$version
more_path=$room/go
: > "$room/builds"
if run BROKEN=1; then fail "a failed build must fail"; fi
[[ ! -e $built ]] || fail "a failed build must leave nothing to use"
: > "$room/builds"
same "$(run)" "$built" "the folder of the server"
[[ -x $built/temporal-server && -x $built/temporal-sql-tool ]] || fail "both programs must be there"
same "$(run)" "$built" "the kept folder"
same "$(wc -l < "$room/builds")" 2 "builds of two programs, once"
same "$(run TEMPORAL_SERVER="$built")" "$built" "TEMPORAL_SERVER goes first"
if run TEMPORAL_SERVER=/nowhere; then fail "a wrong TEMPORAL_SERVER must fail"; fi
grep -q "/nowhere has no program temporal-server" "$room/err" || fail "it must name the wrong TEMPORAL_SERVER"
echo "ok	tools/temporal-cli.sh, tools/temporal-server.sh"
