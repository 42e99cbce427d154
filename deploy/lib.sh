# lib.sh - what ./deploy/run, ./tests/run and .ci/run share: packages, builds, small checks. Sourced by bash.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }
die() { printf 'lectern: %s\n' "$*" >&2; exit 1; }

# What the server is built from and runs with; what the tests need on top.
packages_run=(gcc libc6-dev cmake ninja-build pkg-config libwebsockets-dev libwebsockets-evlib-uv libhiredis-dev
  libpq-dev libmsgpack-dev libuv1-dev libjansson-dev libssl-dev zlib1g-dev postgresql redis-server ca-certificates)
packages_test=(libcmocka-dev chromium fonts-noto-cjk procps strace valgrind)

# Debian 13 has the C library of msgpack under another name.
package_name() {
  if [ "$1" = libmsgpack-dev ] && ! apt-cache show libmsgpack-dev >/dev/null 2>&1; then echo libmsgpack-c-dev
  else echo "$1"; fi
}

# Install the given packages that are missing, saying which. Services that a package brings are not started.
install_packages() {
  local missing=() p
  for p in "$@"; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
  done
  if ! node_is_new_enough; then missing+=(nodejs npm); fi
  [ ${#missing[@]} -gt 0 ] || return 0
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing and need root to install: ${missing[*]}"
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq || die "apt-get update failed: is the network up?"
  local names=()
  for p in "${missing[@]}"; do
    p=$(package_name "$p")
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || names+=("$p")
  done
  [ ${#names[@]} -gt 0 ] || return 0
  say "Installing packages: ${names[*]}"
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null && "${sudo[@]}" chmod 755 $policy && made_policy=1
  fi
  local failed=
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${names[@]}" \
    >"${TMPDIR:-/tmp}/lectern-apt.$$.log" 2>&1 || failed=1
  if [ -n "$made_policy" ]; then "${sudo[@]}" rm -f $policy; fi
  if [ -n "$failed" ]; then
    tail -n 20 "${TMPDIR:-/tmp}/lectern-apt.$$.log" >&2
    die "apt-get could not install the packages above"
  fi
  rm -f "${TMPDIR:-/tmp}/lectern-apt.$$.log"
}

node_is_new_enough() {
  command -v npm >/dev/null && node -e 'process.exit(+process.versions.node.split(".")[0] >= 18 ? 0 : 1)' 2>/dev/null
}

# build_server DIR [cmake options…]
build_server() {
  local dir=$1; shift
  cmake -S "$top" -B "$dir" -G Ninja "$@" >"$dir.log" 2>&1 && nice ninja -C "$dir" >>"$dir.log" 2>&1 && return 0
  tail -n 40 "$dir.log" >&2
  die "the server did not build; the whole output is in $dir.log"
}

# npm_packages DIR: install what the lock file says, when it is newer than what is there.
npm_packages() {
  [ "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ] || return 0
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) || die "npm could not install the packages of $1"
  touch "$1/node_modules/.package-lock.json"
}

build_web() {
  if [ -e "$top/web/dist/index.html" ] && [ -z "$(find "$top/web" -path "$top/web/node_modules" -prune -o \
      -path "$top/web/dist" -prune -o -type f -newer "$top/web/dist/index.html" -print -quit)" ]; then return 0; fi
  npm_packages "$top/web"
  (cd "$top/web" && npm run --silent build) || die "the web pages did not build"
}

# The newest PostgreSQL that is installed, or the one that made the cluster in $1.
postgres_bin() {
  local version
  version=$(cat "$1/PG_VERSION" 2>/dev/null) || version=$(ls /usr/lib/postgresql 2>/dev/null | sort -n | tail -n 1)
  [ -x "/usr/lib/postgresql/$version/bin/postgres" ] || return 1
  echo "/usr/lib/postgresql/$version/bin"
}

# port_is_free PORT
port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# http_status PORT PATH: the status of a GET on loopback, or nothing
http_status() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3 &&
    IFS=' ' read -r -t 5 _ status _ <&3 && echo "$status") 2>/dev/null
}
