// What tests of --doctor share: the emulator as Spotify and a folder, which end with the tests of a file, good settings, and
// the question.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';

import { start_emulator } from '../e2e/processes.mjs';
import { server } from './run.mjs';

/** @typedef {{check: string, state: 'ok' | 'warning' | 'failed' | 'skipped', what: string, todo: string}} Finding */

export const secret = 'cadenza-demo-secret';
const key = 'hPqYxnKcBUF5PcTVPSp8svFYHmrmzGA2b5zUWc9vz2Q=';

/** @type {import('../e2e/processes.mjs').Running} */
export let emulator;
export let folder = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cadenza-doctor-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Cadenza</title>');
  emulator = await start_emulator();
});
after(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Good settings, and others. @param {Record<string, string>} [more] */
export const settings = (more = {}) => ({
  SPOTIFY_CLIENT_ID: 'cadenza-demo',
  SPOTIFY_CLIENT_SECRET: secret,
  SPOTIFY_REDIRECT_URI: 'http://127.0.0.1:8000/auth/callback',
  SPOTIFY_ACCOUNTS_URL: `${emulator.url}/accounts`,
  SPOTIFY_API_URL: `${emulator.url}/v1`,
  SPOTIFY_SDK_URL: `${emulator.url}/sdk/spotify-player.js`,
  SESSION_KEYS: `2026a:${key}`,
  STATIC_DIR: '',
  ...more,
});

/**
 * What it says as JSON, by subject. No secret may be in it, nor in its text.
 * @param {Record<string, string>} env
 * @param {string[]} [secrets]
 */
export async function examine(env, secrets = []) {
  const { code, out, err } = await server(['--doctor', '--json'], env);
  assert.equal(err, '');
  const report = JSON.parse(out);
  assert.equal(report.ok, code === 0);
  assert.match(report.version, /^\d+\.\d+\.\d+/);
  const text = await server(['--doctor'], env);
  assert.equal(text.code, code);
  for (const hidden of [secret, key, ...secrets]) assert.ok(!(out + text.out + text.err).includes(hidden));
  /** @type {Map<string, Finding>} */
  const found = new Map(report.findings.map((/** @type {Finding} */ finding) => [finding.check, finding]));
  assert.equal(found.size, report.findings.length, 'each subject once');
  // How long something took differs each time it is asked.
  const without_numbers = (/** @type {string} */ words) => words.replaceAll(/\d+/g, '#');
  for (const { check, what } of found.values())
    assert.ok(without_numbers(text.out).includes(without_numbers(what)), check);
  /** @param {string} check */
  const state = (check) => found.get(check)?.state;
  return { code, text: text.out, found, state };
}
