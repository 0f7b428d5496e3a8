#!/usr/bin/env bash
# Packs the WHMCS module as dist/metalease-whmcs-VERSION.zip, and prints its name. Its files have the date of the commit:
# caches know files by their time. Without git it is SOURCE_DATE_EPOCH, else that of CHANGELOG.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

date=
if [[ -e .git ]]; then
  date=$(git log -1 --format=%ct 2>/dev/null || true)
fi
date=${date:-${SOURCE_DATE_EPOCH:-$(date -r CHANGELOG.md +%s)}}

exec go run -buildvcs=false ./tools/modulezip --version "$(tools/version.sh)" --date "$date"
