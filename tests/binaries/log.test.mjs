// The server's log on a real pipe that nobody reads.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { bin } from './run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cadenza-log-'));
after(() => rmSync(folder, { recursive: true }));

/** What is in the pipe now. @param {number} pipe */
function read_now(pipe) {
  const chunk = Buffer.alloc(65_536);
  let out = '';
  for (;;) {
    let size = 0;
    try {
      size = readSync(pipe, chunk);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EAGAIN') return out;
      throw error;
    }
    if (size === 0) return out;
    out += chunk.toString('utf8', 0, size);
  }
}

test('a log nobody reads stops neither requests nor the end', { timeout: 60_000 }, async () => {
  execFileSync('mkfifo', [join(folder, 'log')]);
  const pipe = openSync(join(folder, 'log'), constants.O_RDWR | constants.O_NONBLOCK);
  // Opened anew: whether writing blocks is a matter of the open description, and here it does.
  const writer = openSync(join(folder, 'log'), constants.O_WRONLY);
  const child = spawn(bin + 'cadenza-server', [], {
    env: { PORT: '0', EMULATOR_PORT: '0', ADMIN_ADDR: '127.0.0.1:0', STATIC_DIR: '', LOG_FORMAT: 'json' },
    stdio: ['ignore', 'pipe', writer],
  });
  closeSync(writer);
  const ended = once(child, 'exit');
  try {
    const [line] = await once(/** @type {NonNullable<typeof child.stdout>} */ (child.stdout), 'data');
    const url = /listening on (\S+)/.exec(String(line))?.[1];
    let log = '';
    while (!log.includes('admin_listening')) {
      log += read_now(pipe);
      await wait(5);
    }
    const admin = /"event":"admin_listening","address":"([^"]+)"/.exec(log)?.[1];

    // 3 MB of lines, where pipe and queue hold little more than one.
    const path = `/${'x'.repeat(3_000)}`;
    for (let round = 0; round < 20; ++round) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(url + path)));
      for (const answer of answers) assert.equal(answer.status, 404);
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }
    const metrics = await (await fetch(`http://${admin}/metrics`)).text();
    const lost = Number(/^cadenza_log_dropped_total (\d+)$/m.exec(metrics)?.[1]);
    assert.ok(lost > 100, `${lost} lines were lost`);

    const began = Date.now();
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.ok(Date.now() - began < 10_000);
  } finally {
    child.kill('SIGKILL');
    closeSync(pipe);
  }
});

test('what was logged before the end is there after it', async () => {
  const child = spawn(bin + 'cadenza-server', [], {
    env: { PORT: '0', EMULATOR_PORT: '0', ADMIN_ADDR: '', STATIC_DIR: '', LOG_FORMAT: 'json' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  await once(child, 'close');
  const lines = log.trimEnd().split('\n');
  assert.equal(JSON.parse(lines[lines.length - 1]).event, 'stopping');
  for (const line of lines) JSON.parse(line);
});
