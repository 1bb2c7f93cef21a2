#!/bin/sh
# Run by the PostgreSQL image once, on an empty volume. The superuser stays within the container.
set -eu
if [ "$WICK_PASSWORD" = change-me ]; then
  echo 'Cannot make the database: POSTGRES_PASSWORD is "change-me"; set another one in .env' >&2
  exit 1
fi
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=password="$WICK_PASSWORD" --set=read_password="${WICK_READ_PASSWORD:-}" \
  --file="${WICK_ROLES:-/wick/roles.sql}"
# First match wins: over the network only wick's own roles may connect.
{
  echo 'local all all trust'
  echo 'host wick wick,wick_read all scram-sha-256'
  echo 'host all all all reject'
} > "$PGDATA/pg_hba.conf"
