// What every scenario needs: a folder, an emulator, servers of one origin, people signed in. All ends with the test.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Page } from '../binaries/page.mjs';
import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';

const people = 5;

/** @typedef {import('node:test').TestContext} TestContext */

/** Last begun, first ended. @param {TestContext} t */
export function ending(t) {
  /** @type {(() => unknown)[]} */
  const ends = [];
  t.after(async () => {
    for (const end of ends.reverse()) await end();
  });
  return (/** @type {() => unknown} */ end) => ends.push(end);
}

/** @param {(end: () => unknown) => unknown} at_end */
export async function make_folder(at_end) {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-load-'));
  at_end(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** @param {(end: () => unknown) => unknown} at_end */
export async function make_emulator(at_end) {
  const emulator = await start_emulator(['--users', String(people)]);
  at_end(emulator.stop);
  return emulator;
}

/** Settings of a server with sessions in this Redis. @param {string} url */
export const over_redis = (url) => ({
  REDIS_URL: url,
  STORE_FALLBACK: 'none',
  SESSION_KEYS: `a:${'A'.repeat(43)}=`,
});

/**
 * @param {(end: () => unknown) => unknown} at_end
 * @param {string} emulator
 * @param {Record<string, string>} env
 */
export async function make_server(at_end, emulator, env) {
  const server = await start_server(emulator, env);
  at_end(server.stop);
  return server;
}

/**
 * Servers of one origin, the first at its port.
 * @param {(end: () => unknown) => unknown} at_end
 * @param {string} emulator
 * @param {number} count
 * @param {Record<string, string>} env
 */
export async function make_replicas(at_end, emulator, count, env) {
  const ports = [];
  for (let i = 0; i < count; ++i) ports.push(await free_port());
  const settings = {
    SPOTIFY_REDIRECT_URI: `http://127.0.0.1:${ports[0]}/auth/callback`,
    REPLICAS: String(count),
    ...env,
  };
  for (const port of ports) await make_server(at_end, emulator, { ...settings, PORT: String(port) });
  return { origin: `http://127.0.0.1:${ports[0]}`, ports };
}

/**
 * Cookies of so many sessions, of as many people as Spotify admits to an app.
 * @param {string} origin
 * @param {number} count
 */
export async function sign_in(origin, count) {
  const cookies = [];
  for (let i = 0; i < count; ++i) {
    const page = new Page(origin);
    assert.equal(await page.sign_in({ user: i % people }), `${origin}/library/tracks`);
    cookies.push(page.cookies);
  }
  return cookies;
}
