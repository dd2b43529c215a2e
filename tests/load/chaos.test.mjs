// A bad network between the server and Redis, and between the server and Spotify: nobody is signed out, no answer takes
// longer than a request may, and all is well again when the weather is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { ChaosProxy } from '../support/chaos.mjs';
import { start_redis } from '../support/redis.mjs';
import { until } from '../support/until.mjs';
import { ending, make_emulator, make_folder, make_server, over_redis, sign_in } from './house.mjs';
import { Load, some } from './load.mjs';

const handler_ms = 4000;
const storm_ms = 1200;

/** @type {Record<string, (proxy: ChaosProxy) => Promise<void>>} each a storm of its own; the end of it is the caller's */
const toxics = {
  latency: async (proxy) => {
    proxy.weather = { latency_ms: 50 };
    await setTimeout(storm_ms);
  },
  slicing: async (proxy) => {
    proxy.weather = { slice: 16 };
    await setTimeout(storm_ms);
  },
  cut: async (proxy) => {
    for (let i = 0; i < 4; ++i, await setTimeout(storm_ms / 4)) proxy.cut();
  },
  reset: async (proxy) => {
    for (let i = 0; i < 4; ++i, await setTimeout(storm_ms / 4)) proxy.reset();
  },
  'half-open': async (proxy) => {
    proxy.weather = { swallow_answers: true };
    await setTimeout(storm_ms);
  },
  refused: async (proxy) => {
    proxy.weather = { refuse: true };
    proxy.reset();
    await setTimeout(storm_ms);
  },
};

/**
 * Redis and the emulator behind a proxy each, a server between, and people who use it.
 * @param {import('node:test').TestContext} t
 */
async function begin(t) {
  const at_end = ending(t);
  const redis = await start_redis(await make_folder(at_end));
  at_end(() => redis.stop());
  const emulator = await make_emulator(at_end);
  const to_redis = await new ChaosProxy(redis.port).listen();
  at_end(() => to_redis.stop());
  const to_spotify = await new ChaosProxy(Number(new URL(emulator.url).port)).listen();
  at_end(() => to_spotify.stop());
  const server = await make_server(at_end, `http://127.0.0.1:${to_spotify.port}`, {
    ...over_redis(`redis://127.0.0.1:${to_redis.port}`),
    TIMEOUT_HANDLER: `${handler_ms / 1000}s`,
  });
  const cookies = await sign_in(server.url, 10);
  const load = new Load({
    origin: server.url,
    ports: [Number(new URL(server.url).port)],
    cookies,
    clients: 20,
    pause_ms: 90,
    tracks_every: 20,
    patience_ms: handler_ms + 2000,
  });
  at_end(() => load.stop());
  await until('the load is on', () => load.of('fine').length > 100);
  return { load, to_redis, to_spotify };
}

/**
 * Fine again: so many answers in a row, of this kind of request.
 * @param {Load} load
 * @param {string} path
 * @param {number} since
 */
async function calm(load, path, since) {
  const here = () =>
    load.answers.filter(({ began, what }) => began > since && what.startsWith(path)).slice(-10);
  await until('all is well again', () => here().length === 10 && here().every(({ kind }) => kind === 'fine'));
}

test('a bad network to Redis', async (t) => {
  const { load, to_redis } = await begin(t);
  for (const [name, toxic] of Object.entries(toxics)) {
    const first = load.answers.length;
    await toxic(to_redis);
    to_redis.weather = {};
    const over = performance.now();
    await calm(load, '/api/session', over);
    const seen = load.answers.slice(first);
    const bad = seen.filter(({ kind }) => kind !== 'fine');
    const recovery = Math.max(0, ...bad.map(({ ended }) => ended - over));
    t.diagnostic(
      `${name}: ${seen.length} requests, store_out ${bad.length}, fine again after ${Math.round(recovery)} ms`,
    );
    assert.equal(some(bad.filter(({ kind }) => kind !== 'store_out')), '', name);
    assert.ok(recovery < 5000, name);
    if (name === 'refused' || name === 'half-open') assert.ok(bad.length > 0, name);
  }
  await load.stop();
  t.diagnostic(`${load}`);
});

test('a bad network to Spotify', async (t) => {
  const { load, to_spotify } = await begin(t);
  for (const [name, toxic] of Object.entries(toxics)) {
    const first = load.answers.length;
    await toxic(to_spotify);
    to_spotify.weather = {};
    const seen = load.answers.slice(first);
    t.diagnostic(
      `${name}: ${seen.length} requests, spotify_out ${seen.filter(({ kind }) => kind === 'spotify_out').length}`,
    );
  }
  // Who fails often is not asked for a while.
  const over = performance.now();
  await calm(load, '/api/library', over);
  await load.stop();
  const bad = load.bad_after(0);
  assert.equal(
    some(bad.filter(({ kind, what }) => kind !== 'spotify_out' || !what.startsWith('/api/library'))),
    '',
  );
  t.diagnostic(
    `${load}; fine again after ${Math.round(Math.max(0, ...bad.map(({ ended }) => ended - over)))} ms`,
  );
});
