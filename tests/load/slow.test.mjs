// slowhttptest's four attacks at once, a thousand connections each: others are answered, memory is bounded, all of it ends.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { connections_of, peak_memory_of } from '../support/proc.mjs';
import { until } from '../support/until.mjs';
import { ending, make_server } from './house.mjs';

const seconds = 10;

/** @param {string[]} words what kind, and where */
async function attack(...words) {
  const shape = ['-c', '1000', '-r', '500', '-i', '1', '-l', String(seconds), '-p', '5', '-v', '1'];
  const child = spawn('slowhttptest', [...words, ...shape], { stdio: ['ignore', 'pipe', 'inherit'] });
  const patience = globalThis.setTimeout(() => child.kill('SIGKILL'), (seconds + 20) * 1000);
  const said = (await text(child.stdout)).replace(/\x1b\[[\d;]*m/g, '');
  clearTimeout(patience);
  return said;
}

/** Over a connection of its own. @param {string} url */
async function ask_anew(url) {
  const request = get(url, { agent: false, signal: AbortSignal.timeout(5000) });
  const [answer] = /** @type {[import('node:http').IncomingMessage]} */ (await once(request, 'response'));
  await text(answer);
  return answer.statusCode;
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
  const large = server.url + (await largest_file());

  let attacked = true;
  let most = 0;
  /** @type {number[]} */
  const times = [];
  const probe = (async () => {
    for (; attacked; await setTimeout(100)) {
      const began = performance.now();
      assert.equal(await ask_anew(`${server.url}/livez`), 200);
      times.push(performance.now() - began);
      most = Math.max(most, await connections_of(server.pid, port));
    }
  })();
  const attacks = Promise.all([
    attack('-H', '-u', `${server.url}/`, '-x', '24'),
    attack('-B', '-u', `${server.url}/api/edits`, '-s', '8192', '-x', '10'),
    attack('-X', '-u', large, '-w', '512', '-y', '1024', '-n', '1', '-z', '32', '-k', '3'),
    attack('-R', '-u', large, '-a', '10', '-b', '3000'),
  ]);
  const said = await Promise.race([attacks, probe.then(() => attacks)]);
  attacked = false;
  await probe;

  const memory = await peak_memory_of(server.pid);
  const slowest = Math.round(Math.max(...times));
  t.diagnostic(
    `${most} connections at once, ${times.length} probes answered, the slowest in ${slowest} ms, ${Math.round(memory)} MB`,
  );
  for (const report of said) {
    const availability = [...report.matchAll(/service available:\s+(\w+)/g)].map(([, word]) => word);
    assert.ok(availability.length > 0, report);
    assert.ok(!availability.includes('NO'), report);
  }
  assert.ok(memory < 150, `${memory} MB`);
  await until('all connections have ended', async () => (await connections_of(server.pid, port)) <= 1);
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
});
