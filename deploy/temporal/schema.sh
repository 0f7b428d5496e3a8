#!/bin/sh
# Creates both databases and brings their schemas to the version of this image. Every step may be repeated: what is
# there is left alone. For an upgrade of Temporal it runs before the new server starts. The connection comes from SQL_*.
set -eu

setup() {
  database=$1
  folder=/etc/temporal/schema/postgresql/v12/$2/versioned
  temporal-sql-tool --database "$database" create
  temporal-sql-tool --database "$database" setup-schema -v 0.0
  temporal-sql-tool --database "$database" update-schema -d "$folder"
}

setup temporal temporal
setup temporal_visibility visibility
