#!/usr/bin/env bash
# Run once by the PostgreSQL image in an empty volume: the service's role, which owns its database and may do no more, and
# the extensions ($EXTENSIONS), which only an administrator can add.
set -euo pipefail
psql -U postgres -d postgres -v ON_ERROR_STOP=1 -v owner="$OWNER" -v password="$(cat "/run/secrets/$OWNER-postgres")" <<'SQL'
create role :"owner" login password :'password';
create database :"owner" owner :"owner";
SQL
for extension in $EXTENSIONS; do
  psql -U postgres -d "$OWNER" -v ON_ERROR_STOP=1 -c "create extension $extension"
done
