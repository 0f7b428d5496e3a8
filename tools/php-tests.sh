#!/usr/bin/env bash
# The PHP side: syntax and style of every file, unit tests of the module, its pages with a real Smarty.
# Needs php-cli with curl, intl, xml, sqlite3 (the units' database is in memory) and mbstring, php-codesniffer, phpunit, smarty3 or smarty4, and
# php-illuminate-database (Debian's packages; .ci/run installs them).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing=()
command -v php >/dev/null || missing+=(php-cli)
command -v phpunit >/dev/null || missing+=(phpunit)
command -v phpcs >/dev/null || missing+=(php-codesniffer)
[[ -e /usr/share/php/Illuminate/Database/Capsule/Manager.php ]] || missing+=(php-illuminate-database)
[[ -e /usr/share/php/smarty3/Smarty.class.php ]] || missing+=(smarty3)
if command -v php >/dev/null; then
  for extension in curl dom intl mbstring pdo_sqlite; do
    php -r "exit(extension_loaded('$extension') ? 0 : 1);" || missing+=("the extension $extension")
  done
fi
if ((${#missing[@]})); then
  printf '\n*** NOT TESTED: the WHMCS module. Missing: %s ***\n\n' "$(IFS=,; echo "${missing[*]}")" >&2
  [[ ${CI:-} == true ]] && exit 1
  exit 0
fi

find whmcs/module test/whmcs -name '*.php' -print0 | xargs -0 -n 1 -P 2 php -d display_errors=1 -l >/dev/null
# Words of PHP 8.2 and 8.3, which the 8.1 of older hosts does not parse.
if grep -rnE '^\s*(final )?readonly class|const (string|int|bool|array|float) [A-Z]|json_validate\(|#\[\\?Override\]|\) ?: ?(true|null)\s*($|\{)' whmcs/module --include='*.php'; then
  echo "the lines above need a newer PHP than 8.1" >&2
  exit 1
fi
# Beside the pages, which wait for processes. The units measure time, so nothing runs beside them.
style=$(mktemp)
trap 'rm -f "$style"' EXIT
phpcs -q >"$style" 2>&1 & # phpcs.xml.dist says what
checked=$!
failed=0
phpunit --colors=never --do-not-cache-result test/whmcs/pages || failed=1
wait "$checked" || failed=1
cat "$style"
phpunit --colors=never --do-not-cache-result test/whmcs/unit || failed=1
exit "$failed"
