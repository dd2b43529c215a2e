// Sessions in a real Redis: the server goes and comes back, Redis goes and comes back, and nobody signs in again.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
import { start_redis } from '../support/redis.mjs';
import { Page } from './page.mjs';
import { server } from './run.mjs';

const durable = { args: ['--appendfsync', 'always'] };

test('a session in Redis outlives the server and an outage of Redis', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-redis-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  let redis = await start_redis(folder, durable);
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  const env = {
    PORT: String(await free_port()),
    REDIS_URL: `unix://${redis.socket}`,
    SESSION_KEYS: `a:${'A'.repeat(43)}=`,
    STORE_FALLBACK: 'none',
  };
  let server = await start_server(emulator.url, env);
  try {
    const page = new Page(server.url);
    await page.sign_in();
    assert.equal((await page.read('/api/sessions')).items.length, 1);
    await server.stop();
    server = await start_server(emulator.url, env);
    assert.equal((await page.read('/api/session')).authenticated, true);

    await redis.stop();
    const out = await page.fetch('/api/session');
    assert.equal(out.status, 503);
    assert.equal((await out.json()).type, '/problems/store_unavailable');
    assert.equal(out.headers.get('set-cookie'), null);
    redis = await start_redis(folder, durable);
    let again = await page.fetch('/api/session');
    for (const until = Date.now() + 10_000; again.status === 503 && Date.now() < until;) {
      await setTimeout(50);
      again = await page.fetch('/api/session');
    }
    assert.equal((await again.json()).authenticated, true);
  } finally {
    await server.stop();
    await emulator.stop();
    await redis.stop();
  }
});

/**
 * A server with sessions in a Redis of its own; all of it ends with the test.
 * @param {import('node:test').TestContext} t
 * @param {string[]} emulated the emulator's options
 * @param {Record<string, string>} [settings]
 */
async function beside_redis(t, emulated, settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-redis-'));
  const redis = await start_redis(folder, durable);
  const emulator = await start_emulator(emulated);
  const env = { REDIS_URL: `unix://${redis.socket}`, ...settings };
  const running = await start_server(emulator.url, env);
  t.after(async () => {
    await running.stop();
    await emulator.stop();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { redis, emulator, env, running };
}

/**
 * A server whose Redis takes no more, from when `fill` is called until `drain` is.
 * @param {import('node:test').TestContext} t
 * @param {string} fallback
 */
async function beside_small_redis(t, fallback) {
  const { redis, running: server } = await beside_redis(t, ['--auto-approve', '--liked', '20'], {
    STORE_FALLBACK: fallback,
  });
  const set_memory = (/** @type {string} */ most) =>
    execFileSync('redis-cli', ['-s', redis.socket, 'CONFIG', 'SET', 'maxmemory', most]);
  const is_logged = async (/** @type {RegExp} */ line) => {
    for (const until = Date.now() + 10_000; !line.test(server.log()) && Date.now() < until;)
      await setTimeout(10);
    assert.match(server.log(), line);
  };
  const kept = () =>
    execFileSync('redis-cli', ['-s', redis.socket, '--scan', '--pattern', 'cadenza:1:*:s:*'], {
      encoding: 'utf8',
    })
      .split('\n')
      .filter(Boolean).length;
  return { server, is_logged, kept, fill: () => set_memory('1mb'), drain: () => set_memory('0') };
}

test('a Redis that is full keeps the sessions it has, and the log says why no other begins', async (t) => {
  const { server, is_logged, fill, drain } = await beside_small_redis(t, 'none');
  const [page, late] = [new Page(server.url), new Page(server.url)];
  await page.sign_in();
  fill();
  assert.equal((await page.read('/api/session')).authenticated, true);
  assert.equal(await late.sign_in(), `${server.url}/?problem=exchange`);
  await is_logged(/"session_not_created","error":"EVAL: OOM"/);
  // Who signs in once more and cannot is still who they were.
  assert.equal(await page.sign_in(), `${server.url}/?problem=exchange`);
  assert.equal((await page.read('/api/session')).authenticated, true);
  drain();
  assert.equal(await late.sign_in(), `${server.url}/library/tracks`);
  assert.equal((await page.read('/api/session')).authenticated, true);
});

test('beside a Redis that is full, who signs in waits in memory, and nobody else notices', async (t) => {
  const { server, is_logged, kept, fill, drain } = await beside_small_redis(t, 'memory');
  const [page, late] = [new Page(server.url), new Page(server.url)];
  await page.sign_in();
  fill();
  assert.equal(await late.sign_in(), `${server.url}/library/tracks`);
  await is_logged(/"session_kept_in_memory"/);
  assert.equal(kept(), 1);
  const both_in = async () => {
    for (const one of [page, late]) assert.equal((await one.read('/api/session')).authenticated, true);
  };
  await both_in();
  drain();
  await both_in();
  assert.equal(kept(), 2); // the second has moved there
});

const own_app = { SPOTIFY_CLIENT_ID: 'cadenza-demo', SPOTIFY_CLIENT_SECRET: 'cadenza-demo-secret' };

test('an operator ends the sessions of one user, by either name', async (t) => {
  const { redis, emulator, env, running } = await beside_redis(t, ['--users', '2']);
  const sign_in = async (/** @type {number} */ user) => {
    const page = new Page(running.url);
    await page.sign_in({ user });
    return page;
  };
  const is_in = async (/** @type {Page} */ page) => (await page.read('/api/session')).authenticated;
  const settings = { ...own_app, ...env, SPOTIFY_REDIRECT_URI: `${running.url}/auth/callback` };
  const end = (/** @type {string} */ user) => server(['--end-sessions', user], settings);

  const [laptop, phone, friend] = [await sign_in(0), await sign_in(0), await sign_in(1)];
  const { account } = await laptop.read('/api/session');
  const { access_token } = await (await friend.fetch('/api/player/token', { method: 'POST' })).json();
  const me = await fetch(`${emulator.url}/v1/me`, { headers: { authorization: `Bearer ${access_token}` } });

  const nobody = await end('nobody');
  assert.deepEqual([nobody.code, nobody.out], [0, '0 sessions ended\n']);
  assert.match(nobody.err, /before SPOTIFY_CLIENT_SECRET was changed/);
  assert.deepEqual(await end(account), { code: 0, out: '2 sessions ended\n', err: '' });
  assert.deepEqual(await Promise.all([laptop, phone, friend].map(is_in)), [false, false, true]);
  const { id } = await me.json();
  assert.deepEqual(await end(id), { code: 0, out: '1 session ended\n', err: '' });
  assert.equal(await is_in(friend), false);

  await redis.stop();
  const out = await end(account);
  assert.equal(out.code, 1);
  assert.match(out.err, /^cadenza-server: Redis: /m);
});

test('what cannot be ended from outside is said, with what can be done', async () => {
  const env = { ...own_app, SPOTIFY_REDIRECT_URI: 'http://127.0.0.1:8000/auth/callback' };
  const memory = await server(['--end-sessions', 'anna'], env);
  assert.equal(memory.code, 1);
  assert.match(memory.err, /restarting it ends all/);
  const keys = { SESSION_STORE: 'cookie', SESSION_KEYS: `a:${'A'.repeat(43)}=` };
  const cookie = await server(['--end-sessions', 'anna'], { ...env, ...keys });
  assert.equal(cookie.code, 1);
  assert.match(cookie.err, /new SESSION_KEYS/);
  assert.equal((await server(['--end-sessions'], env)).code, 2);
});
