#!/usr/bin/env bash
# Run once by the PostgreSQL image in an empty volume: the service's role, which owns its database and may do no more, and
# the extensions, which only an administrator can add.
set -euo pipefail
psql -U postgres -d postgres -v ON_ERROR_STOP=1 -v owner="$OWNER" -v password="$(cat "/run/secrets/$OWNER-postgres")" <<'SQL'
create role :"owner" login password :'password';
create database :"owner" owner :"owner";
\connect :"owner"
create extension btree_gist;
create extension citext;
create extension intarray;
create extension pg_trgm;
create extension unaccent;
SQL
