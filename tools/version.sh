#!/bin/sh
# Prints the version of this tree, without a leading v: that of git; without git, the newest one of CHANGELOG.md. The programs
# (internal/version), the image and the WHMCS module all get it from here. In sh, since the image's builder has no bash.
set -eu
cd "$(dirname "$0")/.."

# Of this tree only: one that lies unpacked in somebody else's repository is not at that one's version.
version=
if [ -e .git ]; then
  version=$(git describe --tags --always --dirty 2>/dev/null || true)
fi
if [ -z "$version" ]; then
  version=$(sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md | head -n 1)
fi
version=${version#v}
case $version in
  [0-9]*.*) ;;                      # a release, or commits after one
  '') version=0.0.0-dev ;;          # no git, no release
  *) version=0.0.0-g$version ;;     # a commit, no release before it
esac
printf '%s\n' "$version"
