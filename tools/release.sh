#!/usr/bin/env bash
# Makes a release in dist/: programs for each platform, the WHMCS module, a bill of materials with its licences, and
# checksums. The same commit gives the same bytes on every machine with the same Go.
#
#   tools/release.sh [--twice] [PLATFORM ...]
#
# --twice builds a second time, from a copy of the commit in another folder, and compares every byte.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "release: $*" >&2; }

twice=false
platforms=()
for argument in "$@"; do
  case $argument in
    --twice) twice=true ;;
    */*) platforms+=("$argument") ;;
    *) say "unknown argument $argument: --twice, or platforms such as linux/amd64"; exit 2 ;;
  esac
done
((${#platforms[@]})) || platforms=(linux/amd64 linux/arm64 darwin/amd64 darwin/arm64)

if [[ -n $(git status --porcelain --untracked-files=no) ]]; then
  say "the tree has changes that are in no commit: commit them first"
  exit 1
fi
version=$(tools/version.sh)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
out=$PWD/dist/$version
rm -rf "$out"
mkdir -p "$out"

# build TREE FOLDER: the archives of every platform.
build() {
  local tree=$1 to=$2 platform name work
  work=$(mktemp -d)
  for platform in "${platforms[@]}"; do
    name=metalease-$version-${platform/\//-}
    mkdir -p "$work/$name"
    for program in worker starter; do
      (cd "$tree" && CGO_ENABLED=0 GOOS=${platform%/*} GOARCH=${platform#*/} GOWORK=off GOFLAGS= go build -trimpath -buildvcs=false \
        -ldflags "-s -w -buildid= -X metalease/internal/version.number=$version" -o "$work/$name/metalease-$program" "./$program")
    done
    cp "$tree"/{LICENSE,README.md,CHANGELOG.md,config.example.yaml} "$work/$name"
    [[ $platform != linux/* ]] || cp -r "$tree/deploy/systemd" "$work/$name"
    find "$work/$name" -type d -exec chmod 755 {} + -o -name 'metalease-*' ! -name '*.service' -exec chmod 755 {} + -o -exec chmod 644 {} +
    tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$work" -cf - "$name" | gzip -9n >"$to/$name.tar.gz"
    say "built $name"
  done
  rm -rf "$work"
}

build "$PWD" "$out"
module=$(tools/module-zip.sh)
cp "$module" "$out"

bill=metalease-$version.cdx.json
# The versions of modules are those of go.mod; the bill has no time and no random number in it.
go tool -modfile=tools/release/go.mod cyclonedx-gomod mod -json -licenses -std -noserial -notimestamp -output "$out/$bill" . 2>/dev/null
(cd tools/release && go run . "$out/$bill") >"$out/LICENCES.txt"
(cd "$out" && sha256sum -- *.tar.gz *.zip "$bill" LICENCES.txt >SHA256SUMS)

if $twice; then
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  mkdir "$copy/tree" "$copy/out"
  git archive HEAD | tar -x -C "$copy/tree"
  build "$copy/tree" "$copy/out"
  for archive in "$copy"/out/*; do
    cmp "$archive" "$out/$(basename "$archive")" || { say "$(basename "$archive") is not the same a second time"; exit 1; }
  done
  say "built twice, equal bytes"
fi
say "in $out"
cat "$out/SHA256SUMS"
