#!/bin/sh
# Creates both databases and brings their schemas to the version of this image, whose tool carries them. Every step may be
# repeated: what is there is left alone. For an upgrade of Temporal it runs before the new server starts. The connection
# comes from SQL_*; SQL_PASSWORD may stand in the file that SQL_PASSWORD_FILE names.
set -eu
SQL_PASSWORD=${SQL_PASSWORD:-$(cat "$SQL_PASSWORD_FILE")}
export SQL_PASSWORD

setup() {
  database=$1
  temporal-sql-tool --database "$database" create
  temporal-sql-tool --database "$database" setup-schema -v 0.0
  temporal-sql-tool --database "$database" update-schema --schema-name "postgresql/v12/$2"
}

setup temporal temporal
setup temporal_visibility visibility
