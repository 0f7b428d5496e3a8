#!/bin/sh
# Makes what docker-compose.yml takes as secrets: one file for each in deploy/secrets (or METALEASE_SECRETS_DIR). What may be random is
# drawn, the rest is asked for: at a terminal without showing it, else one a line. May be repeated: a file that is there stays as it is.
set -eu
folder=${METALEASE_SECRETS_DIR:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder" # keeps everybody else out; containers read the files as users of their own
umask 022

put() { # NAME VALUE: whole or not at all
  printf '%s\n' "$2" >"$folder/.new"
  chmod 444 "$folder/.new"
  mv "$folder/.new" "$folder/$1"
}

drawn() { [ -e "$folder/$1" ] || put "$1" "$(openssl rand -hex 32)"; }
empty() { [ -e "$folder/$1" ] || put "$1" ""; }

asked() { # NAME WHAT
  [ -e "$folder/$1" ] && return
  if [ -t 0 ]; then
    printf '%s: ' "$2" >&2
    trap 'stty echo' EXIT INT TERM
    stty -echo
  fi
  value=
  IFS= read -r value || true
  if [ -t 0 ]; then
    stty echo
    trap - EXIT INT TERM
    echo >&2
  fi
  if [ -z "$value" ]; then
    echo "secrets.sh: nothing was given for $1 ($2)" >&2
    exit 1
  fi
  put "$1" "$value"
}

drawn METALEASE_DB_PASSWORD
drawn METALEASE_GATEWAY_SECRET
drawn METALEASE_ENCRYPTION_KEY
drawn METALEASE_CODEC_TOKEN
empty METALEASE_SECOND_KEY
empty WHMCS_ACCESS_KEY
asked WHMCS_IDENTIFIER "identifier of the WHMCS API credential"
asked WHMCS_SECRET "secret of the WHMCS API credential"
asked DCI_PASSWORD "password of the panel's account"
echo "the secrets are in $folder"
