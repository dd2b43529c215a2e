#pragma once

// What must happen at once in Redis. Every script names all its keys, which share a slot, and may be run
// twice: the second time changes nothing that matters.

#include "server/redis/script.hpp"

namespace cadenza::server::redis_script {

// KEYS session, index; ARGV ver, data, used, time left (ms), hash, summary, index's time (ms).
inline const redis::Script create(R"(
redis.call('HSET', KEYS[1], 'ver', ARGV[1], 'data', ARGV[2], 'used', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('HSET', KEYS[2], ARGV[5], ARGV[6])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[7]) then redis.call('PEXPIRE', KEYS[2], ARGV[7]) end
return 1)");

// The same with KEYS[3], the mark that it came already; 0: it had.
inline const redis::Script adopt(R"(
if not redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], 'ver', ARGV[1], 'data', ARGV[2], 'used', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('HSET', KEYS[2], ARGV[5], ARGV[6])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[7]) then redis.call('PEXPIRE', KEYS[2], ARGV[7]) end
return 1)");

// KEYS session, index; ARGV used, time left (ms), hash, summary, index's time (ms). Writes the summary anew,
// by the first of the keys; 0: it ended.
inline const redis::Script note_use(R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'used', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[5]) then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
return 1)");

// KEYS session; ARGV ver as read, ver to be, data. The time left stays. 0: it ended; 2: it changed since.
inline const redis::Script replace(R"(
local ver = redis.call('HGET', KEYS[1], 'ver')
if not ver then return 0 end
if ver ~= ARGV[1] then return 2 end
redis.call('HSET', KEYS[1], 'ver', ARGV[2], 'data', ARGV[3])
return 1)");

// KEYS index, sessions…; ARGV their hashes. How many there were.
inline const redis::Script end(R"(
local count = 0
for i, hash in ipairs(ARGV) do
  local there = redis.call('DEL', KEYS[i + 1]) + redis.call('HDEL', KEYS[1], hash)
  if there > 0 then count = count + 1 end
end
return count)");

// KEYS lock; ARGV holder, time (ms). 1: it is the holder's now; 0: another's, which a server that is full
// says, too, as it is asked before anything is written.
inline const redis::Script hold(R"(
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if holder then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1)");

// KEYS lock; ARGV holder.
inline const redis::Script let_go(R"(
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0)");

}  // namespace cadenza::server::redis_script
