#!/usr/bin/env bash
# Puts back what backup.sh saved. Redis and the servers are stopped meanwhile.
set -euo pipefail
umask 077

usage() {
  cat <<'END'
restore.sh BACKUP [DATA_FOLDER]
Puts BACKUP/redis.rdb into DATA_FOLDER (Redis's "dir", /var/lib/redis on Debian), for a Redis with or without AOF,
and BACKUP/session-keys where SESSION_KEYS_FILE says. Replaces nothing: move away what is there.
END
}

fail() { printf 'restore.sh: %s\n' "$*" >&2; exit 1; }

{ [ $# -ge 1 ] && [ $# -le 2 ]; } || { usage >&2; exit 2; }
case $1 in -h | --help) usage; exit ;; esac
backup=$1
redis_folder=${2:-}
keys=${SESSION_KEYS_FILE:-}

# With AOF on, Redis reads the AOF and nothing else; so a Redis of our own makes one of the copy, with AOF on after it
# has read it (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/).
restore_redis() {
  local socket status
  socket=$(mktemp -d)
  cp "$backup/redis.rdb" "$redis_folder/dump.rdb"
  redis-server --port 0 --unixsocket "$socket/redis.sock" --dir "$redis_folder" --save '' --appendonly no \
    >"$socket/log" 2>&1 &
  local server=$!
  # shellcheck disable=SC2064 # as they are now
  trap "kill $server 2>/dev/null || true; rm -rf '$socket'" EXIT
  ask() { redis-cli -s "$socket/redis.sock" "$@"; }
  until [ "$(ask PING 2>/dev/null)" = PONG ]; do
    kill -0 "$server" 2>/dev/null || { cat "$socket/log" >&2; fail "Redis cannot read the copy"; }
    sleep 0.1
  done
  ask CONFIG SET appendonly yes >/dev/null
  until status=$(ask INFO persistence) && [[ $status == *aof_rewrite_in_progress:0* ]] &&
    [[ $status == *aof_rewrite_scheduled:0* ]]; do
    sleep 0.1
  done
  [[ $status == *aof_last_bgrewrite_status:ok* ]] || { cat "$socket/log" >&2; fail "Redis cannot write the AOF"; }
  printf 'Redis: %s keys\n' "$(ask DBSIZE)"
  ask SHUTDOWN >/dev/null || true
  wait "$server"
  # Root's work for the user Redis runs as.
  [ "$(id -u)" != 0 ] || chown -R --reference="$redis_folder" "$redis_folder"
}

if [ -e "$backup/redis.rdb" ]; then
  [ -d "$redis_folder" ] || fail "$backup holds a copy of Redis: DATA_FOLDER is needed, and must be there"
  for name in dump.rdb appendonly.aof appendonlydir; do
    [ ! -e "$redis_folder/$name" ] || fail "$redis_folder/$name is there: stop Redis and move it away"
  done
fi
if [ -e "$backup/session-keys" ]; then
  [ -n "$keys" ] || fail "$backup holds keys: SESSION_KEYS_FILE must say where they belong"
  if [ -e "$keys" ] && ! cmp -s "$backup/session-keys" "$keys"; then fail "$keys is there and differs: move it away"; fi
fi
if [ -e "$backup/redis.rdb" ]; then restore_redis; fi
if [ -e "$backup/session-keys" ]; then
  cp -p "$backup/session-keys" "$keys"
  printf 'keys: %s\n' "$keys"
fi
