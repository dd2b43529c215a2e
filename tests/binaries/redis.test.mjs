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

test('a Redis that is full keeps the sessions it has, and the log says why no other begins', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-redis-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const redis = await start_redis(folder, durable);
  const set_memory = (/** @type {string} */ most) =>
    execFileSync('redis-cli', ['-s', redis.socket, 'CONFIG', 'SET', 'maxmemory', most]);
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  const env = { REDIS_URL: `unix://${redis.socket}`, STORE_FALLBACK: 'none' };
  const server = await start_server(emulator.url, env);
  try {
    const [page, late] = [new Page(server.url), new Page(server.url)];
    await page.sign_in();
    set_memory('1mb');
    assert.equal((await page.read('/api/session')).authenticated, true);
    assert.equal(await late.sign_in(), `${server.url}/?problem=exchange`);
    const told = () => /"session_not_created","error":"EVAL: OOM"/.test(server.log());
    for (const until = Date.now() + 10_000; !told() && Date.now() < until;) await setTimeout(10);
    assert.ok(told(), server.log());
    set_memory('0');
    assert.equal(await late.sign_in(), `${server.url}/library/tracks`);
    assert.equal((await page.read('/api/session')).authenticated, true);
  } finally {
    await server.stop();
    await emulator.stop();
    await redis.stop();
  }
});
