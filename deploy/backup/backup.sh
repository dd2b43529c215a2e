#!/usr/bin/env bash
# Saves what Cadenza cannot make anew: what Redis holds, and the keys. Nothing is stopped for it.
set -euo pipefail
umask 077

usage() {
  cat <<'END'
backup.sh FOLDER
Writes FOLDER, which must not be there yet: redis.rdb, session-keys.
Environment, as the server has it:
  REDIS_URL or REDIS_URL_FILE  redis://, rediss:// or unix://; with several servers, the address of one of them
  SESSION_KEYS_FILE            the file with the keys
END
}

fail() { printf 'backup.sh: %s\n' "$*" >&2; exit 1; }

[ $# = 1 ] || { usage >&2; exit 2; }
case $1 in -h | --help) usage; exit ;; esac
folder=${1%/}
redis_url=${REDIS_URL:-}
[ -z "${REDIS_URL_FILE:-}" ] || redis_url=$(cat "$REDIS_URL_FILE")
[ -n "$redis_url${SESSION_KEYS_FILE:-}" ] || { usage >&2; exit 2; }
[ ! -e "$folder" ] || fail "$folder is there already"

decoded() { # a part of a URL, without its percent signs
  local text=${1//\\/\\\\}
  printf '%b' "${text//%/\\x}"
}

# Asks Redis for a copy of all it holds, as a replica does, and writes it to $1.
save_redis() {
  local target=$1 rest=${redis_url#*://} place query user name value options=()
  place=${rest%%\?*}
  query=${rest#"$place"}
  if [[ $place == *@* ]]; then
    user=${place%@*}
    place=${place##*@}
    # By the environment, because everybody on this machine sees arguments.
    REDISCLI_AUTH=$(decoded "${user#*:}")
    export REDISCLI_AUTH
    [ -z "${user%%:*}" ] || options+=(--user "$(decoded "${user%%:*}")")
  fi
  case $redis_url in
    unix://*) options+=(-s "$(decoded "$place")") ;;
    redis://* | rediss://*) options+=(-u "${redis_url%%://*}://$place") ;;
    *) fail "REDIS_URL is none of redis://, rediss:// and unix://; give the address of one server" ;;
  esac
  for name in ca cert key; do
    [[ $query == *[?\&]"$name="* ]] || continue
    value=${query#*[?&]"$name="}
    options+=("--${name/#ca/cacert}" "$(decoded "${value%%&*}")")
  done
  redis-cli "${options[@]}" --rdb "$target" >"$target.log" 2>&1 || { cat "$target.log" >&2; fail "no copy of Redis"; }
  redis-check-rdb "$target" >"$target.log" || { cat "$target.log" >&2; fail "the copy of Redis is damaged"; }
  rm "$target.log"
}

# Half a backup never bears its name.
part=$folder.part
rm -rf "$part"
mkdir -p "$part"
[ -z "$redis_url" ] || save_redis "$part/redis.rdb"
[ -z "${SESSION_KEYS_FILE:-}" ] || cp -p "$SESSION_KEYS_FILE" "$part/session-keys"
mv "$part" "$folder"
printf 'saved in %s:' "$folder"
for file in "$folder"/*; do printf ' %s' "${file##*/}"; done
printf '\n'
