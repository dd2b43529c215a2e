// The bench's pieces: figures are counted rightly, and those compared answer the same. No time is asserted.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { load, memory_of, start_nginx_return } from './processes.mjs';
import { open_scene } from './scene.mjs';
import { measure_memory, time_to_first_answer } from './start.mjs';
import { median, read_wrk, ratio, summarize } from './stats.mjs';

test('the median is the middle one, or halfway between the two', () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 4]), 4);
  assert.equal(median([10, 2, 4, 1]), 3);
  assert.deepEqual(summarize([5, 1, 3]), { median: 3, least: 1, most: 5 });
});

test('ratios are taken round by round', () => {
  // A machine at half its speed in the second round changes neither ratio.
  assert.deepEqual(ratio([100, 50, 90], [10, 5, 10]), { median: 10, least: 9, most: 10 });
  assert.throws(() => ratio([1, 2], [1]), /without a pair/);
});

test('a rate counts only when every request was answered well', () => {
  const output =
    'Running 2s test\n  1000 requests in 2.00s, 1.00MB read\nRequests/sec:    499.25\nTransfer/sec:  1MB\n';
  assert.deepEqual(read_wrk(output), { rate: 499.25, requests: 1000 });
  assert.throws(
    () => read_wrk(output.replace('Requests', '  Non-2xx or 3xx responses: 3\nRequests')),
    /Non-2xx/,
  );
  assert.throws(
    () => read_wrk('Socket errors: connect 0, read 1, write 0, timeout 0\n' + output),
    /Socket errors/,
  );
  assert.throws(() => read_wrk('unable to connect'), /no rate/);
});

/** The names in a JSON value, to any depth. @param {any} value @returns {any} */
function shape(value) {
  if (Array.isArray(value)) return value.length ? [shape(value[0])] : [];
  if (value === null || typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, shape(value[key])]),
  );
}

test('Cadenza and FastAPI answer the same', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-bench-test-'));
  const scene = await open_scene(folder);
  t.after(async () => {
    await scene.stop();
    await rm(folder, { recursive: true, force: true });
  });
  assert.ok(scene.upstream_bytes > 38_000 && scene.upstream_bytes < 46_000, `${scene.upstream_bytes} bytes`);
  for (const store of /** @type {const} */ (['memory', 'redis', 'cookie'])) {
    const cadenza = await scene.cadenza(store);
    const session = await cadenza.page.read('/api/session');
    const fastapi = await scene.fastapi(store, session);
    const other = await fastapi.page.read('/api/session');
    assert.equal(session.authenticated, true);
    assert.deepEqual(shape(other), shape(session));
    assert.deepEqual(
      [other.account, other.user, other.scopes],
      [session.account, session.user, session.scopes],
    );
    const path = '/api/library/playlists';
    const page = await cadenza.page.read(path);
    assert.equal(page.items.length, 40);
    assert.deepEqual(await fastapi.page.read(path), page);
    assert.deepEqual(await fastapi.page.read(path), page); // what it has kept
    const stranger = await fetch(fastapi.url + '/api/session', { headers: { cookie: 'sid=none' } });
    assert.deepEqual(await stranger.json(), { authenticated: false });
  }
});

test('load is put on what answers, and the answer of nginx is as long', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-bench-test-'));
  const body = JSON.stringify({ authenticated: true, account: 'a' });
  const nginx = await start_nginx_return(folder, body);
  t.after(async () => {
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });
  assert.equal(await (await fetch(nginx.url)).text(), body);
  const { rate, cost } = await load({ url: `${nginx.url}/`, pid: nginx.pid, script: 'offsets.lua' }, 1);
  assert.ok(rate > 0 && cost >= 0, `${rate}/s at ${cost} µs`);
});

test('memory and the first answer are measured', async () => {
  const { idle, connected } = await measure_memory(50);
  assert.ok(idle.rss > 1 && idle.pss > 1 && idle.pss <= idle.rss);
  assert.ok(connected.rss > 1);
  assert.ok((await time_to_first_answer()) > 0);
  await assert.rejects(memory_of(0));
});
