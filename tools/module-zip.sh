#!/usr/bin/env bash
# Packs the WHMCS module as dist/metalease-whmcs-VERSION.zip, and prints its name.
# VERSION is that of git; without git, the newest one of CHANGELOG.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(git describe --tags --always --dirty 2>/dev/null || true)
if [[ -z $version ]]; then
  version=$(sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md | head -n 1)
fi
# A commit without a tag before it, or a changelog without a release.
[[ $version =~ ^v?[0-9]+\. ]] || version="0.0.0${version:+-g$version}"

exec go run -buildvcs=false ./tools/modulezip --version "${version#v}"
