// What an operator saves and puts back by the scripts of deploy/backup: with it nobody signs in again, without it
// everybody does, and it opens nothing to whoever finds it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
import { Page } from './page.mjs';
import { start_redis } from '../support/redis.mjs';

const scripts = fileURLToPath(new URL('../../deploy/backup/', import.meta.url));
const some_keys = () => `k${randomBytes(2).toString('hex')}:${randomBytes(32).toString('base64')}\n`;

/**
 * @param {string} name of the script
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<{code: number, out: string, err: string}>}
 */
const script = (name, args, env) =>
  new Promise((resolve) => {
    const { PATH = '' } = process.env;
    execFile(join(scripts, name), args, { env: { PATH, ...env } }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err });
    });
  });

/** @param {import('node:test').TestContext} t */
async function surroundings(t) {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-backup-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [redis, keys, backup] = ['redis', 'keys', 'backup'].map((name) => join(folder, name));
  await mkdir(redis);
  await writeFile(keys, some_keys(), { mode: 0o600 });
  return { folder, redis, keys, backup };
}

/** @param {Page} page */
const is_signed_in = async (page) => (await page.read('/api/session')).authenticated;

/** How the list of sessions names this browser. @param {Page} page */
const browser_name = async (page) => (await page.read('/api/sessions')).items[0].user_agent;

/** All that the files of a folder hold. @param {string} folder */
async function bytes_in(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name));
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
}

// Uncompressed, so that a search of its files finds what is in them.
const redis_options = ['--appendfsync', 'always', '--rdbcompression', 'no', '--requirepass', 'p@ss word'];

test('what was saved of Redis and the keys, put back, signs everybody in again', async (t) => {
  const { folder, redis: data, keys, backup } = await surroundings(t);
  let redis = await start_redis(data, { args: redis_options });
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  const env = {
    PORT: String(await free_port()),
    REDIS_URL: `unix://:p%40ss%20word@${redis.socket}`,
    SESSION_KEYS_FILE: keys,
    STORE_FALLBACK: 'none',
  };
  const serve = () => start_server(emulator.url, env);
  let server = await serve();
  const stop_all = async () => {
    await server.stop();
    await redis.stop();
  };
  const wipe = async () => {
    await rm(data, { recursive: true });
    await mkdir(data);
    await rm(keys);
  };
  const start_all = async () => {
    redis = await start_redis(data, { args: redis_options });
    server = await serve();
  };
  try {
    const page = new Page(server.url);
    await page.sign_in();
    assert.equal(await is_signed_in(page), true);
    const before = await page.read('/api/session');

    const saved = await script('backup.sh', [backup], env);
    assert.equal(saved.code, 0, saved.err);
    assert.match(saved.out, /: redis\.rdb session-keys\n$/);
    assert.equal((await stat(backup)).mode & 0o77, 0);
    assert.deepEqual(await readdir(folder), ['backup', 'keys', 'redis']);
    const player = await page.fetch('/api/player/token', { method: 'POST' });
    const { access_token } = await player.json();
    const sid = /sid=([^;]+)/.exec(page.cookies)?.[1] ?? '';
    for (const found of [await bytes_in(data), await readFile(join(backup, 'redis.rdb'))]) {
      assert.ok(found.includes('cadenza:1:'), 'sessions are there');
      assert.doesNotMatch(found.toString('latin1'), /AQ[\w-]{60}/, "the emulator's refresh tokens");
      for (const secret of [access_token, sid, before.account, before.user.name])
        assert.ok(secret.length > 3 && !found.includes(secret), 'and none can be read');
    }
    const again = await script('backup.sh', [backup], env);
    assert.equal(again.code, 1, 'a backup is not overwritten');

    await stop_all();
    await wipe();
    await writeFile(keys, some_keys());
    await start_all();
    assert.equal(await is_signed_in(page), false, 'without the backup');
    await stop_all();

    const kept = await script('restore.sh', [backup, data], env);
    assert.equal(kept.code, 1, 'nothing is replaced');
    await wipe();
    const restored = await script('restore.sh', [backup, data], env);
    assert.equal(restored.code, 0, restored.err);
    await start_all();
    assert.deepEqual(await page.read('/api/session'), before);
    assert.equal((await page.read('/api/library/tracks?limit=5')).total, 20);
    assert.equal(await browser_name(page), 'Unknown browser');

    // The keys matter for what a list shows, and the session opens without them.
    await server.stop();
    await writeFile(keys, some_keys());
    server = await serve();
    assert.equal(await is_signed_in(page), true);
    assert.equal(await browser_name(page), '');
    assert.doesNotMatch(server.log(), /"event":"(redis_lost|bug)"/);
  } finally {
    await stop_all();
    await emulator.stop();
  }
});

test('sessions in cookies need the keys and nothing else', async (t) => {
  const { keys, backup } = await surroundings(t);
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  const env = { PORT: String(await free_port()), SESSION_STORE: 'cookie', SESSION_KEYS_FILE: keys };
  let server = await start_server(emulator.url, env);
  const restart = async () => {
    await server.stop();
    server = await start_server(emulator.url, env);
  };
  try {
    const page = new Page(server.url);
    await page.sign_in();
    const saved = await script('backup.sh', [backup], env);
    assert.match(saved.out, /: session-keys\n$/, saved.err);
    await writeFile(keys, some_keys());
    await restart();
    assert.equal(await is_signed_in(page), false);
    assert.equal((await script('restore.sh', [backup], env)).code, 1, 'keys are not replaced');
    await rm(keys);
    const restored = await script('restore.sh', [backup], env);
    assert.equal(restored.code, 0, restored.err);
    await restart();
    assert.equal(await is_signed_in(page), true);
  } finally {
    await server.stop();
    await emulator.stop();
  }
});

test('a backup that cannot be made leaves nothing that looks like one', async (t) => {
  const { folder, keys, backup } = await surroundings(t);
  const nobody = { REDIS_URL: `unix://${folder}/nobody.sock`, SESSION_KEYS_FILE: keys };
  const failed = await script('backup.sh', [backup], nobody);
  assert.equal(failed.code, 1);
  assert.match(failed.err, /no copy of Redis/);
  await assert.rejects(stat(backup));
  const several = await script('backup.sh', [backup], { REDIS_URL: 'redis+sentinel://a,b/mymaster' });
  assert.match(several.err, /the address of one server/);
  assert.equal((await script('backup.sh', [backup], {})).code, 2, 'nothing to save');
});
