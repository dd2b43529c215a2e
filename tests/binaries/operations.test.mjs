// The operator's guide and the program agree: the settings both ways, the names the runbook looks for, and what the user
// of Redis must be allowed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
import { Page } from './page.mjs';
import { start_redis } from '../support/redis.mjs';
import { server } from './run.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = await readFile(root + 'docs/operations.md', 'utf8');

/** @param {string} title */
const section = (title) => guide.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

/** @param {string} text @param {RegExp} pattern with one group */
const all = (text, pattern) => new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ''));

test('the settings are those of --help', async () => {
  const { out } = await server(['--help']);
  // Names begin a line, some with their defaults in brackets; what stands further right explains them.
  const names = [...out.slice(out.indexOf('\nEnvironment.')).matchAll(/^ {2}(\S.*)$/gm)].map(
    ([, line]) => (line ?? '').replace(/\([^)]*\)/g, '').split('  ')[0],
  );
  const known = all(names.join(' '), /\b([A-Z]{3,}(?:_[A-Z]+)*)\b/g);
  const documented = all(
    [...section('Settings').matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell]) => cell).join(' '),
    /`([A-Z_]+)`/g,
  );
  assert.ok(known.size > 40, `${known.size} names`);
  assert.deepEqual([...documented].sort(), [...known].sort());
});

test('no variable is named that does not exist', async () => {
  const { out } = await server(['--help']);
  for (const name of all(guide, /`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`/g))
    assert.ok(name === 'NAME_FILE' || out.includes(name.replace(/_FILE$/, '')), name);
});

test('the runbook knows problems, events, metrics and alerts by their names', async () => {
  const [problems, logs, alerts, metrics] = await Promise.all(
    [
      'shared/api/problem.hpp',
      'docs/logs.md',
      'deploy/monitoring/alerts.yml',
      'server/base/server_metrics.cpp',
    ].map((file) => readFile(root + file, 'utf8')),
  );
  const runbook = section('What to do when');
  const others = ['state', 'exchange', 'not_registered', 'owner_not_premium', 'upstream_', 'invalid_client'];
  const fields = ['error', 'problem', 'reason', 'remote', 'signal', 'dir', 'bug', 'refused', 'request'];
  const words = all(runbook, /`([a-z]+_[a-z_]+)`/g);
  assert.ok(words.size > 15, `${words.size} words`);
  for (const word of words) {
    if (others.includes(word) || fields.includes(word)) continue;
    const exists =
      new RegExp(`\\b${word}\\b`).test(problems ?? '') ||
      (logs ?? '').includes(`\`${word}\``) ||
      (metrics ?? '').includes(`"${word}"`) ||
      word === 'process_open_fds';
    assert.ok(exists, word);
  }
  for (const alert of all(alerts ?? '', /alert: (\w+)/g))
    assert.ok(
      runbook.includes(alert) || (/^CadenzaErrors/.test(alert) && runbook.includes('CadenzaErrors…')),
      alert,
    );
  for (const alert of all(runbook, /\b(Cadenza[A-Z]\w+)/g))
    assert.ok(alert === 'CadenzaErrors' || (alerts ?? '').includes(`alert: ${alert}\n`), alert);
});

test('links lead somewhere', async () => {
  const slug = (/** @type {string} */ title) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-');
  const titles = [...guide.matchAll(/^## (.*)$/gm)].map(([, title]) => slug(title ?? ''));
  for (const link of all(guide, /\]\(([^)]+)\)/g)) {
    if (link.startsWith('#')) assert.ok(titles.includes(link.slice(1)), link);
    else await readFile(`${root}docs/${link.split('#')[0]}`);
  }
});

test('a user of Redis with the commands of docs/sessions.md may do all that is done', async (t) => {
  const sessions = await readFile(root + 'docs/sessions.md', 'utf8');
  const listed = /Commands: `([^`]+)`/.exec(sessions)?.[1]?.split(/\s+/) ?? [];
  assert.ok(listed.length > 15, `${listed.length} commands`);
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-acl-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const redis = await start_redis(folder);
  const ask = (/** @type {string[]} */ words) =>
    execFileSync('redis-cli', ['-s', redis.socket, ...words], { encoding: 'utf8' }).trim();
  const commands = listed.map((name) => `+${name.toLowerCase()}`);
  assert.equal(ask(['ACL', 'SETUSER', 'cadenza', 'on', '>secret', '~cadenza:*', ...commands]), 'OK');
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  const running = await start_server(emulator.url, {
    PORT: String(await free_port()),
    REDIS_URL: `unix://cadenza:secret@${redis.socket}`,
    REPLICAS: '2',
    SESSION_KEYS: `k1:${'A'.repeat(43)}=`,
    RATE_LIMIT: '60/s',
    SPOTIFY_DAILY_BUDGET: '1000',
    SESSION_IDLE: '4s',
  });
  try {
    const [page, other] = [new Page(running.url), new Page(running.url)];
    for (const one of [page, other]) {
      await one.sign_in();
      await one.read('/api/library/tracks');
    }
    assert.equal((await page.read('/api/sessions')).items.length, 2);
    assert.ok((await page.read('/api/quota')).used > 0);
    const forward = { method: 'POST', body: JSON.stringify({ advance_s: 4000 }) };
    await fetch(`${emulator.url}/_emulator/clock`, forward); // tokens have to be renewed
    await page.read('/api/library/tracks?limit=3');
    assert.equal((await page.fetch('/api/sessions', { method: 'DELETE' })).status, 204);
    assert.deepEqual(await other.read('/api/session'), { authenticated: false });
    assert.equal((await page.fetch('/auth/logout', { method: 'POST' })).status, 204);
    assert.equal(ask(['ACL', 'LOG']), '', 'nothing was refused');
    assert.doesNotMatch(running.log(), /NOPERM|redis_lost|_not_shared|limit_store_out/);
  } finally {
    await running.stop();
    await emulator.stop();
    await redis.stop();
  }
});
