// The unit as systemd itself reads it, offline.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { at_root, deployed, folder_for, replaced, variables_of } from './support.mjs';

const unit = deployed('systemd/cadenza.service');

/** @param {string[]} args @param {string} cwd */
const analyze = (args, cwd) =>
  execFileSync('systemd-analyze', [...args, '--no-pager'], { cwd, encoding: 'utf8', stdio: 'pipe' });

test('the service is exposed to less than 2.0', (t) => {
  const folder = folder_for(t);
  writeFileSync(join(folder, 'cadenza.service'), unit);
  const report = analyze(['security', '--offline=true', '--threshold=20', './cadenza.service'], folder);
  const level = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(report)?.[1]);
  assert.ok(level > 0 && level <= 2, String(level));
});

test('systemd has nothing to say against the unit', (t) => {
  const folder = folder_for(t);
  const words = { '/usr/lib/cadenza/bin/cadenza-server': at_root('build/bin/cadenza-server') };
  writeFileSync(join(folder, 'cadenza.service'), replaced(unit, words));
  assert.equal(analyze(['verify', './cadenza.service'], folder), '');
});

test('every credential reaches a variable of the server, and systemd waits for the drain', () => {
  const credentials = [...unit.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, name]) => name);
  const used = [...unit.matchAll(/^Environment=[A-Z_]+_FILE=%d\/([\w-]+)$/gm)].map(([, name]) => name);
  assert.ok(credentials.length > 0);
  assert.deepEqual(used, credentials);
  const { SHUTDOWN_DELAY = '0s', SHUTDOWN_DEADLINE = '20s' } = variables_of(deployed('systemd/cadenza.env'));
  const stop = /^TimeoutStopSec=(\d+)s$/m.exec(unit)?.[1];
  assert.ok(Number(stop) > parseInt(SHUTDOWN_DELAY) + parseInt(SHUTDOWN_DEADLINE));
});
