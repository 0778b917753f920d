#!/bin/sh
# A table of the application's, and a role for Mediaferry with no more rights than it needs (docs/operations.md#rights).
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$MEDIAFERRY_PASSWORD" <<'SQL'
create table profile (id text primary key, picture text);

create role mediaferry login password :'password';
create schema mediaferry authorization mediaferry;
grant usage on schema public to mediaferry;
grant select on profile to mediaferry;
grant update (picture) on profile to mediaferry;
SQL
