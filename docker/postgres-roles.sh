#!/bin/sh
# Runs once, on an empty volume. The application must not own the ledger: whoever owns a table may switch its
# triggers off. So migrations run as the owner, and the application as a role that can only use what is there.
set -eu

psql --set ON_ERROR_STOP=1 --username postgres \
  --set owner_password="${OWNER_PASSWORD:?}" --set app_password="${APP_PASSWORD:?}" <<'SQL'
CREATE ROLE upmoltwork_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'owner_password';
CREATE ROLE upmoltwork_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
CREATE DATABASE upmoltwork OWNER upmoltwork_owner ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE upmoltwork FROM PUBLIC;
GRANT CONNECT ON DATABASE upmoltwork TO upmoltwork_app;
\connect upmoltwork
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO upmoltwork_app;
SQL
