#!/usr/bin/env bash
# Packs the WHMCS module as dist/metalease-whmcs-VERSION.zip, and prints its name.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec go run -buildvcs=false ./tools/modulezip --version "$(tools/version.sh)"
