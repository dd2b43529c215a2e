// docs/operations.md and the program agree: the settings both ways, and the names the runbook looks for.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

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
  const known = all(names.join(' '), /\b([A-Z]{4,}(?:_[A-Z]+)*)\b/g);
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
    else await readFile(`${root}docs/${link}`);
  }
});
