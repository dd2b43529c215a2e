// Redis goes and comes back, fails over, moves its slots: people wait a moment, and nobody signs in again.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { ask_redis, reshard, start_cluster, start_redis, start_sentinel } from '../support/redis.mjs';
import { until } from '../support/until.mjs';
import { ending, make_emulator, make_folder, make_server, over_redis, sign_in } from './house.mjs';
import { Load, some } from './load.mjs';

/**
 * A server over this Redis, people signed in, and their requests.
 * @param {(end: () => unknown) => unknown} at_end
 * @param {string} url
 * @param {{sessions?: number, before?: () => Promise<unknown>}} [options] what is done before the load begins
 */
async function begin(at_end, url, { sessions = 10, before = async () => {} } = {}) {
  const emulator = await make_emulator(at_end);
  const server = await make_server(at_end, emulator.url, over_redis(url));
  const cookies = await sign_in(server.url, sessions);
  await before();
  const load = new Load({ origin: server.url, ports: [Number(new URL(server.url).port)], cookies });
  at_end(() => load.stop());
  await until('the load is on', () => load.of('fine').length > 100);
  return load;
}

/** Nobody is signed out, and nothing but the store fails. @param {Load} load */
function check_kept(load) {
  assert.equal(some(load.of('logout')), '');
  assert.equal(some([...load.of('error'), ...load.of('spotify_out')]), '');
}

/** When the last answer came that was not fine. @param {Load} load */
const last_bad = (load) => Math.max(...load.bad_after(0).map(({ ended }) => ended));

test('Redis is killed and comes back', async (t) => {
  const at_end = ending(t);
  const folder = await make_folder(at_end);
  const first = await start_redis(folder);
  at_end(() => first.stop());
  const load = await begin(at_end, `redis://127.0.0.1:${first.port}`);
  await first.stop('SIGKILL');
  await until('the outage shows', () => load.of('store_out').length > 100);
  await setTimeout(1500); // long enough for the pauses between attempts to have grown
  const again = await start_redis(folder, { port: first.port });
  const ready = performance.now();
  at_end(() => again.stop());
  await setTimeout(3000);
  await load.stop();

  check_kept(load);
  assert.equal(some(load.bad_after(ready + 2000)), '');
  assert.ok((load.of('fine').at(-1)?.began ?? 0) > ready + 2000);
  const recovery = Math.round(last_bad(load) - ready);
  t.diagnostic(`${load}; service ${recovery} ms after Redis accepts again`);
});

/** Of a line of INFO. @param {string} info @param {string} name */
const number_in = (info, name) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);

/**
 * A master and its replica.
 * @param {(end: () => unknown) => unknown} at_end
 * @param {string} folder
 */
async function start_pair(at_end, folder) {
  const master = await start_redis(join(folder, 'master'));
  at_end(() => master.stop());
  const replica = await start_redis(join(folder, 'replica'), {
    args: ['--replicaof', '127.0.0.1', String(master.port)],
  });
  at_end(() => replica.stop());
  // WAIT would tell of the writes of its own connection only.
  const has_caught_up = () =>
    until('the replica has it all', async () => {
      const written = number_in(await ask_redis(master.port, 'INFO', 'replication'), 'master_repl_offset');
      const replicated = await ask_redis(replica.port, 'INFO', 'replication');
      return (
        replicated.includes('master_link_status:up') && number_in(replicated, 'slave_repl_offset') >= written
      );
    });
  const is_promoted = async () =>
    // A sentinel ends the clients' connections at that moment, and may well end this one.
    (await ask_redis(replica.port, 'ROLE').catch(() => '')).startsWith('master');
  return { master, replica, has_caught_up, is_promoted };
}

/** @param {number} sentinel its port @param {number} replica */
const knows_replica = (sentinel, replica) =>
  until('the sentinel knows the replica', async () =>
    (await ask_redis(sentinel, 'SENTINEL', 'REPLICAS', 'mymaster')).includes(String(replica)),
  );

test('a sentinel makes the replica of a killed master the master', async (t) => {
  const down_after = 300;
  const at_end = ending(t);
  const folder = await make_folder(at_end);
  const { master, replica, has_caught_up, is_promoted } = await start_pair(at_end, folder);
  const sentinel = await start_sentinel(folder, master.port, down_after);
  at_end(() => sentinel.stop());
  await knows_replica(sentinel.port, replica.port);
  const load = await begin(at_end, `redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`, {
    before: has_caught_up,
  });
  await master.stop('SIGKILL');
  const killed = performance.now();
  await until('the replica is the master', is_promoted);
  const promoted = performance.now();
  await setTimeout(4000);
  await load.stop();

  check_kept(load);
  assert.ok(load.of('store_out').length > 0);
  assert.equal(some(load.bad_after(killed + down_after + 3000)), '');
  const last = last_bad(load);
  t.diagnostic(
    `${load}; service ${Math.round(last - killed - down_after)} ms after the ${down_after} ms in which the ` +
      `master is missed, ${Math.round(last - promoted)} ms after the replica is the master`,
  );
});

test('two of three sentinels agree on the new master, the first of the list being dead', async (t) => {
  const at_end = ending(t);
  const folder = await make_folder(at_end);
  const { master, replica, has_caught_up, is_promoted } = await start_pair(at_end, folder);
  const down_after = 1500; // longer than a machine with much else to do stands still: one failover, not two
  const sentinels = [];
  for (const name of ['first', 'second', 'third']) {
    const sentinel = await start_sentinel(join(folder, name), master.port, down_after, 2);
    at_end(() => sentinel.stop('SIGKILL'));
    sentinels.push(sentinel);
  }
  for (const { port } of sentinels) {
    await knows_replica(port, replica.port);
    await until('the sentinels know each other', async () =>
      /^num-other-sentinels\n2$/m.test(await ask_redis(port, 'SENTINEL', 'MASTER', 'mymaster')),
    );
  }
  const [dead, ...living] = sentinels;
  await dead?.stop('SIGKILL');
  const addresses = sentinels.map(({ port }) => `127.0.0.1:${port}`);
  const load = await begin(at_end, `redis+sentinel://${addresses.join(',')}/mymaster`, {
    before: has_caught_up,
  });
  await master.stop('SIGKILL');
  const killed = performance.now();
  // Both may ask for votes at once; then nobody is elected, and they try again after some seconds.
  await until('the replica is the master', is_promoted, 40_000);
  const promoted = performance.now();
  for (const { port } of living)
    await until('the sentinels name it', async () =>
      (await ask_redis(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster')).includes(
        String(replica.port),
      ),
    );
  const named = performance.now();
  await setTimeout(5000);
  await load.stop();

  check_kept(load);
  assert.ok(load.of('store_out').length > 0);
  assert.equal(some(load.bad_after(named + 3000)), '');
  assert.ok((load.of('fine').at(-1)?.began ?? 0) > named + 3000);
  const last = last_bad(load);
  t.diagnostic(
    `${load}; the replica is the master after ${Math.round(promoted - killed)} ms, all sentinels name it ` +
      `${Math.round(named - promoted)} ms later; service ${Math.round(last - promoted)} ms after it is the master`,
  );
});

/**
 * Of the masters, each with a third of the slots from its first one on, the one whose first account comes soonest.
 * All of an account is in one slot.
 * @param {import('../support/redis.mjs').Redis[]} masters
 */
async function soonest_account(masters) {
  const found = [];
  for (const [index, node] of masters.entries()) {
    const lists = (await ask_redis(node.port, 'KEYS', 'cadenza:1:{*}:i')).split('\n').filter(Boolean);
    for (const key of lists) {
      const slot = Number(await ask_redis(node.port, 'CLUSTER', 'KEYSLOT', key));
      found.push({ index, slots: slot - index * 5461 + 1 });
    }
  }
  return found.sort((a, b) => a.slots - b.slots)[0] ?? assert.fail('nobody is signed in');
}

test('a cluster moves slots', async (t) => {
  const at_end = ending(t);
  const cluster = await start_cluster(await make_folder(at_end));
  at_end(cluster.stop);
  const masters = cluster.nodes.slice(0, 3);
  const load = await begin(at_end, `redis+cluster://127.0.0.1:${masters[0]?.port}`, { sessions: 50 });
  const { index, slots } = await soonest_account(masters);
  const [from = masters[0], to = masters[0]] = [masters[index], masters[(index + 1) % 3]];
  assert.ok(from && to);
  const keys = async () => Number(await ask_redis(from.port, 'DBSIZE'));
  const before = await keys();
  const started = performance.now();
  await reshard(from, to, slots);
  const ended = performance.now();
  const moved = before - (await keys());
  assert.ok(moved > 0);
  await setTimeout(500);
  await load.stop();

  check_kept(load);
  assert.equal(some(load.bad_after(0)), '');
  t.diagnostic(`${load}; ${moved} keys, ${slots} slots moved in ${Math.round(ended - started)} ms`);
});
