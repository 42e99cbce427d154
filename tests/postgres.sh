# postgres.sh - with_postgres COMMAND…: run it with a throw-away PostgreSQL in LECTERN_TEST_DATABASE_URL. Sourced.

with_postgres() {
  local dir bin as=() pid
  dir=$(mktemp -d) bin=$(postgres_bin "$dir") || die "no PostgreSQL server is installed"
  if [ "$(id -u)" = 0 ]; then chown postgres: "$dir"; as=(setpriv --reuid=postgres --regid=postgres --init-groups --); fi
  chmod 755 "$dir"
  (cd / && "${as[@]}" "$bin/initdb" -D "$dir/pg" -U lectern -A trust -E UTF8 --locale=C.UTF-8 --no-sync) >"$dir.log" 2>&1 ||
    { cat "$dir.log" >&2; die "PostgreSQL could not make a cluster for the tests"; }
  (cd / && exec "${as[@]}" "$bin/postgres" -D "$dir/pg" -k "$dir" -c listen_addresses=) >>"$dir.log" 2>&1 &
  pid=$!
  local i
  for ((i = 0; i < 300; i++)); do "$bin/pg_isready" -q -h "$dir" && break; sleep 0.1; done
  LECTERN_TEST_DATABASE_URL="host=$dir user=lectern dbname=postgres" "$@"
  kill -INT "$pid"; wait "$pid"
  rm -rf "$dir" "$dir.log"
}
