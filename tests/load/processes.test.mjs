// Servers are restarted and killed, and ask for one token together: nobody notices who was not being answered by the dead.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { free_port } from '../e2e/processes.mjs';
import { children_of, connections_of } from '../support/proc.mjs';
import { start_redis } from '../support/redis.mjs';
import { until } from '../support/until.mjs';
import { start_balancer } from './balancer.mjs';
import {
  ending,
  make_emulator,
  make_folder,
  make_replicas,
  make_server,
  over_redis,
  sign_in,
} from './house.mjs';
import { Load, some } from './load.mjs';

/** @param {string} emulator @param {string} path @param {unknown} body */
async function tell(emulator, path, body) {
  const answer = await fetch(`${emulator}/_emulator${path}`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(answer.status, 204);
}

/** @param {string} emulator @returns {Promise<number>} how often it was asked for tokens */
async function token_requests(emulator) {
  const seen = await (await fetch(`${emulator}/_emulator/requests`)).json();
  return seen.filter((/** @type {{path: string}} */ { path }) => path === '/accounts/api/token').length;
}

test('three servers ask once for a new token, and wait for it together', async (t) => {
  const at_end = ending(t);
  const redis = await start_redis(await make_folder(at_end));
  at_end(() => redis.stop());
  const emulator = await make_emulator(at_end);
  const { origin, ports } = await make_replicas(
    at_end,
    emulator.url,
    3,
    over_redis(`unix://${redis.socket}`),
  );
  const cookies = await sign_in(origin, 1);
  const before = await token_requests(emulator.url);
  await tell(emulator.url, '/clock', { advance_s: 3601 });
  await tell(emulator.url, '/faults', {
    fault: 'slow',
    path: '/accounts/api/token',
    delay_ms: 15_000,
    count: 100,
  });
  const load = new Load({ origin, ports, cookies, clients: 150, tracks_every: 1, once: true });
  await load.done();

  assert.equal(load.answers.length, 150);
  assert.equal(some(load.bad_after(0)), '');
  assert.ok(load.longest >= 15_000);
  assert.equal((await token_requests(emulator.url)) - before, 1);
  t.diagnostic(`${load}; 1 request for a token`);
});

test('servers behind nginx are restarted one after the other', async (t) => {
  const at_end = ending(t);
  const folder = await make_folder(at_end);
  const redis = await start_redis(folder);
  at_end(() => redis.stop());
  const emulator = await make_emulator(at_end);
  const ports = [await free_port(), await free_port()];
  const port = await free_port();
  const origin = `http://127.0.0.1:${port}`;
  const start = (/** @type {number} */ own) =>
    make_server(at_end, emulator.url, {
      ...over_redis(`unix://${redis.socket}`),
      PORT: String(own),
      SPOTIFY_REDIRECT_URI: `${origin}/auth/callback`,
      REPLICAS: '2',
      SHUTDOWN_DELAY: '2s',
      LOG_LEVEL: 'info',
    });
  const servers = await Promise.all(ports.map(start));
  const nginx = await start_balancer(folder, port, ports);
  at_end(nginx.stop);
  const cookies = await sign_in(origin, 10);
  const load = new Load({ origin, ports: [port], cookies });
  at_end(() => load.stop());
  const readiness = async (/** @type {number} */ own) =>
    (await fetch(`http://127.0.0.1:${own}/readyz`)).status;

  for (const [i, own] of ports.entries()) {
    assert.equal(await readiness(own), 200);
    const stopped = servers[i]?.stop();
    await until('it is not ready', async () => (await readiness(own)) === 503);
    assert.equal(await stopped, 0);
    const again = await start(own);
    const answers = () => again.log().includes('"/api/session"');
    await until('nginx gives it requests again', answers);
  }
  await setTimeout(500);
  await load.stop();

  assert.equal(some(load.bad_after(0)), '', nginx.log());
  t.diagnostic(`${load}`);
});

test('a worker is killed', async (t) => {
  const at_end = ending(t);
  const emulator = await make_emulator(at_end);
  const server = await make_server(at_end, emulator.url, {
    WORKERS: '2',
    SESSION_STORE: 'cookie',
    SESSION_KEYS: `a:${'A'.repeat(43)}=`,
  });
  const port = Number(new URL(server.url).port);
  const cookies = await sign_in(server.url, 10);
  await tell(emulator.url, '/faults', { fault: 'slow', path: '/v1/me/tracks', delay_ms: 200, count: 10_000 });
  const load = new Load({ origin: server.url, ports: [port], cookies, tracks_every: 10 });
  at_end(() => load.stop());
  await until('the load is on', () => load.of('fine').length > 300);
  assert.equal(some(load.bad_after(0)), '');

  const [worker = 0, other] = await children_of(server.pid);
  assert.ok(worker && other);
  const connections = await connections_of(worker, port);
  assert.ok(connections > 0);
  const in_flight = load.in_flight;
  process.kill(worker, 'SIGKILL');
  const killed = performance.now();
  await until('another takes its place', async () => {
    const now = await children_of(server.pid);
    return now.length === 2 && !now.includes(worker);
  });
  await setTimeout(2000);
  await load.stop();

  // A connection has one request at a time.
  const failed = load.of('error');
  assert.ok(failed.length <= connections, some(failed));
  assert.equal(load.of('error').length, load.bad_after(0).length, some(load.bad_after(0)));
  assert.equal(some(load.bad_after(killed + 1000)), '');
  assert.ok(load.of('fine').filter(({ began }) => began > killed + 1000).length > 100);
  t.diagnostic(`${load}; ${in_flight} in flight at that moment, ${connections} connections to that worker`);
});
