#!/bin/sh
# Creates the namespace and its search attributes where they are missing. May be repeated.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE say where; RETENTION how long an ended workflow stays readable.
set -eu

tries=0
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "the Temporal at $TEMPORAL_ADDRESS is not healthy" >&2
    exit 1
  fi
  sleep 1
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" \
    --description "metalease: one installation of WHMCS"

# A new namespace is known to every part of the server only after some seconds.
tries=0
until known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" 2>/dev/null); do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "the namespace $TEMPORAL_NAMESPACE does not answer" >&2
    exit 1
  fi
  sleep 1
done

attribute() {
  if ! echo "$known" | grep -qw "$1"; then
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$1" --type "$2"
  fi
}

attribute ServicePhase Keyword
attribute Panel Keyword
attribute Package Keyword
attribute ServerId Keyword
attribute ClientId Keyword
attribute MainIP Keyword
attribute GraceEndsAt Datetime
attribute NeedsAttention Bool
echo "namespace $TEMPORAL_NAMESPACE is ready"
