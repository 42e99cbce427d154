#!/bin/sh
# borders.sh BUILD_DIR - the borders between the folders: what the rooms archive needs from outside, and who includes
# what. Prints each crossing and fails when there is one.
set -eu
build=${1:?usage: borders.sh BUILD_DIR}
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
crossings=$(mktemp)
trap 'rm -f "$crossings"' EXIT

# Undefined symbols of one archive that neither we define nor the list (an extended regular expression) allows.
symbols() { # archive, allowed
    ours=$(nm --defined-only "$build/rooms/liblectern_rooms.a" "$build/rooms/liblectern_text.a" | awk 'NF == 3 { print $3 }')
    nm --undefined-only "$1" | awk 'NF == 2 { print $2 }' | sort -u | grep -vxF "$ours" | grep -vxE "$2" |
        sed "s|^|$(basename "$1") uses |" >>"$crossings" || true
}

# Symbols of one object inside an archive.
object_uses() { # archive, object, symbol pattern
    nm --undefined-only "$1" | awk -v object="$2:" '/:$/ { inside = ($1 == object) } inside && NF == 2 { print $2 }' |
        grep -xE "$3" | sed "s|^|$2 uses |" >>"$crossings" || true
}

test -f "$build/rooms/liblectern_rooms.a" || { echo "borders: no $build/rooms/liblectern_rooms.a"; exit 1; }
compiler='__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__(asan|ubsan)_.*'
strings='(mem(cpy|move|set|cmp|chr)|str(len|chr|cmp|ncmp))|__mem(cpy|move|set)_chk|abort'
symbols "$build/rooms/liblectern_rooms.a" "$compiler|$strings|malloc|realloc|free"
symbols "$build/rooms/liblectern_text.a" "$compiler|$strings|malloc|realloc|free|vsnprintf|__vsnprintf_chk"
for object in check.c.o apply.c.o view.c.o window.c.o; do
    object_uses "$build/rooms/liblectern_rooms.a" "$object" 'malloc|calloc|realloc|free'
done
for object in text.c.o words.c.o; do
    object_uses "$build/rooms/liblectern_text.a" "$object" 'malloc|calloc|realloc|free|.*printf.*'
done

# Includes that a folder may not have.
includes() { # folder, pattern of included names, files to leave out
    test -d "$1" || return 0
    grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)" "$1" |
        grep -vE "^(${3:-/})" >>"$crossings" || true
}
includes rooms 'libwebsockets|lws|hiredis|libpq|postgres|msgpack|uv|jansson|openssl|stdio|time|sys/|pthread|unistd' \
    'rooms/base/buf\.c:[0-9]+:#include <stdio\.h>'
includes rooms '(\.\./)*(gateway|persist)/'
includes persist 'libwebsockets|lws|hiredis|uv|msgpack|(\.\./)*(rooms|gateway)/|room_internal'
includes include 'libwebsockets|lws|hiredis|libpq|postgres|msgpack|uv|jansson|openssl'
includes loadtest '(\.\./)*(rooms|persist)/|room_internal|(\.\./)*gateway/[^w]|(\.\./)*gateway/w[^i]'

if [ -s "$crossings" ]; then
    echo "borders: crossed"
    cat "$crossings"
    exit 1
fi
echo "borders: ok"
