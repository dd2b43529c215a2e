// slowhttptest's four attacks at once, a thousand connections each: others are answered, memory is bounded, all of it
// ends. First all of them are let in, then the limits are as they come.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { Agent, get, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { connections_of, open_connections_from, peak_memory_of } from '../support/proc.mjs';
import { until } from '../support/until.mjs';
import { ending, make_server } from './house.mjs';

const seconds = 10;
const limit = 100; // LIMIT_CONNECTIONS_PER_ADDRESS as it comes
const attacker = '127.0.0.1';
const other = '127.0.0.2';
const proxy = '127.0.0.3';

/** @param {string[]} words what kind, and where */
async function attack(...words) {
  const shape = ['-c', '1000', '-r', '500', '-i', '1', '-l', String(seconds), '-p', '5', '-v', '1'];
  const child = spawn('slowhttptest', [...words, ...shape], { stdio: ['ignore', 'pipe', 'inherit'] });
  const patience = globalThis.setTimeout(() => child.kill('SIGKILL'), (seconds + 20) * 1000);
  const said = (await text(child.stdout)).replace(/\x1b\[[\d;]*m/g, '');
  clearTimeout(patience);
  return said;
}

/** All four at once, and what each said in the end. @param {string} url */
async function attack_every_way(url) {
  const large = url + (await largest_file());
  return Promise.all([
    attack('-H', '-u', `${url}/`, '-x', '24'),
    attack('-B', '-u', `${url}/api/edits`, '-s', '8192', '-x', '10'),
    attack('-X', '-u', large, '-w', '512', '-y', '1024', '-n', '1', '-z', '32', '-k', '3'),
    attack('-R', '-u', large, '-a', '10', '-b', '3000'),
  ]);
}

/** Over a connection of its own. @param {string} url @param {import('node:http').RequestOptions} [options] */
async function ask_anew(url, options) {
  const request = get(url, { agent: false, signal: AbortSignal.timeout(5000), ...options });
  const [answer] = /** @type {[import('node:http').IncomingMessage]} */ (await once(request, 'response'));
  await text(answer);
  return answer;
}

/**
 * Asks again and again until `work` is done; each time must be answered well.
 * @template T
 * @param {Promise<T>} work
 * @param {() => Promise<unknown>} ask
 */
async function asking_meanwhile(work, ask) {
  let over = false;
  /** @type {number[]} */
  const times = [];
  const asked = (async () => {
    for (; !over; await setTimeout(100)) {
      const began = performance.now();
      await ask();
      times.push(performance.now() - began);
    }
  })();
  const done = await Promise.race([work, asked.then(() => work)]);
  over = true;
  await asked;
  return { done, asked: times.length, slowest: Math.round(Math.max(...times)) };
}

/** The path of the largest file of the client. */
async function largest_file() {
  const site = fileURLToPath(new URL('../../build/site', import.meta.url));
  const files = await readdir(site, { recursive: true });
  const sizes = await Promise.all(
    files.map(async (name) => ({ name, size: (await stat(join(site, name))).size })),
  );
  return `/${sizes.sort((a, b) => b.size - a.size)[0]?.name}`;
}

const descriptors = Number(
  /^Max open files\s+(\d+)/m.exec(await readFile('/proc/self/limits', 'utf8'))?.[1] ?? 0,
);
const skip =
  descriptors < 5000 ? `four thousand connections need more than ${descriptors} open files` : false;

test('a thousand slow clients of each kind', { skip }, async (t) => {
  const at_end = ending(t);
  const server = await make_server(at_end, 'http://127.0.0.1:1', {
    LIMIT_CONNECTIONS_PER_ADDRESS: '10000',
    LIMIT_BACKLOG: '4096', // two thousand a second come
    TIMEOUT_FIRST_BYTE: '5s',
    TIMEOUT_HEADER: '5s',
    TIMEOUT_BODY: '5s',
    TIMEOUT_WRITE: '5s',
    TIMEOUT_IDLE: '5s',
  });
  const port = Number(new URL(server.url).port);

  let most = 0;
  const probed = await asking_meanwhile(attack_every_way(server.url), async () => {
    assert.equal((await ask_anew(`${server.url}/livez`)).statusCode, 200);
    most = Math.max(most, await connections_of(server.pid, port));
  });

  const memory = await peak_memory_of(server.pid);
  t.diagnostic(
    `${most} connections at once, ${probed.asked} probes answered, the slowest in ${probed.slowest} ms, ${Math.round(memory)} MB`,
  );
  for (const report of probed.done) {
    const availability = [...report.matchAll(/service available:\s+(\w+)/g)].map(([, word]) => word);
    assert.ok(availability.length > 0, report);
    assert.ok(!availability.includes('NO'), report);
  }
  assert.ok(memory < 150, `${memory} MB`);
  await until('all connections have ended', async () => (await connections_of(server.pid, port)) <= 1);
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
});

/**
 * A request whose body is never sent, from a client of the proxy; what it is answered, with the status 100 for "go on".
 * @param {string} url
 */
async function begin_behind_proxy(url) {
  const headers = { 'X-Forwarded-For': '203.0.113.9', Expect: '100-continue', 'Content-Length': '1' };
  const begun = request(url, { method: 'POST', agent: false, localAddress: proxy, headers });
  begun.flushHeaders();
  const answered = once(begun, 'response').then(([answer]) => answer);
  const went_on = once(begun, 'continue').then(() => ({ statusCode: 100, headers: {} }));
  /** @type {{ statusCode: number, headers: import('node:http').IncomingHttpHeaders }} */
  const { statusCode, headers: fields } = await Promise.race([answered, went_on]);
  return { statusCode, retry_after: fields['retry-after'], end: () => begun.on('error', () => {}).destroy() };
}

test(
  'a thousand slow clients of each kind from one address, with the limits as they come',
  { skip },
  async (t) => {
    const at_end = ending(t);
    const server = await make_server(at_end, 'http://127.0.0.1:1', {});
    const port = Number(new URL(server.url).port);

    let most = 0;
    const probed = await asking_meanwhile(attack_every_way(server.url), async () => {
      for (const path of ['/livez', '/', '/api/config'])
        assert.equal((await ask_anew(server.url + path, { localAddress: other })).statusCode, 200, path);
      most = Math.max(most, await open_connections_from(server.pid, port, attacker));
    });

    const memory = await peak_memory_of(server.pid);
    t.diagnostic(
      `${most} connections of the attacker at once, ${probed.asked} rounds answered, the slowest in ${probed.slowest} ms, ${Math.round(memory)} MB`,
    );
    assert.ok(most >= limit, `${most} connections are no attack`);
    assert.ok(most <= limit + 1, `${most} connections`); // one is accepted before it can be turned away
    assert.ok(memory < 100, `${memory} MB`);
    await until('all connections have ended', async () => (await connections_of(server.pid, port)) === 0);
  },
);

test('who begins too much behind a proxy, or asks too often, is told when to come again', async (t) => {
  const at_end = ending(t);
  const settings = { FORWARDED_ALLOW_IPS: proxy, RATE_LIMIT: '60/s' };
  const server = await make_server(at_end, 'http://127.0.0.1:1', settings);
  const begun = await Promise.all(
    Array.from({ length: limit + 50 }, () => begin_behind_proxy(`${server.url}/api/edits`)),
  );
  at_end(() => begun.forEach(({ end }) => end()));
  const refused = begun.filter(({ statusCode }) => statusCode !== 100);
  assert.equal(refused.length, 50);
  for (const { statusCode, retry_after } of refused) assert.deepEqual([statusCode, retry_after], [429, '1']);

  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  at_end(() => agent.destroy());
  const url = `${server.url}/api/config`;
  const flood = await Promise.all(Array.from({ length: 1000 }, () => ask_anew(url, { agent })));
  const too_many = flood.filter(({ statusCode }) => statusCode === 429);
  assert.equal(flood.filter(({ statusCode }) => statusCode === 200).length + too_many.length, 1000);
  assert.ok(too_many.length > 0);
  for (const { headers } of too_many) assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/);
  assert.equal((await ask_anew(url, { localAddress: other })).statusCode, 200);
});
