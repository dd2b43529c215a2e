// What a server without Redis keeps over a restart: how long Spotify wants no requests.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
import { until } from '../support/until.mjs';
import { Page } from './page.mjs';
import { server } from './run.mjs';

/** @param {import('node:test').TestContext} t */
async function folder_for(t) {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-state-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a server that restarts after a quota 429 refuses until the same time, and asks Spotify nothing', async (t) => {
  const folder = join(await folder_for(t), 'state');
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  t.after(emulator.stop);
  const env = {
    PORT: String(await free_port()),
    SESSION_STORE: 'cookie',
    SESSION_KEYS: `k1:${'A'.repeat(43)}=`,
    STATE_DIR: folder,
    STATIC_DIR: '',
  };
  const asked = async () => {
    const seen = await (await fetch(`${emulator.url}/_emulator/requests`)).json();
    return seen.filter((/** @type {{path: string}} */ { path }) => path.startsWith('/v1')).length;
  };
  /** @param {Page} page */
  const refused = async (page) => {
    const answer = await page.fetch('/api/library/tracks');
    assert.equal(answer.status, 429);
    const { type, retry_at } = await answer.json();
    assert.match(type, /quota_cooldown$/);
    return retry_at;
  };
  let running = await start_server(emulator.url, env);
  try {
    const page = new Page(running.url);
    await page.sign_in();
    assert.deepEqual(await readdir(folder), []);
    const fault = { method: 'POST', body: JSON.stringify({ fault: 'quota' }) };
    await fetch(`${emulator.url}/_emulator/faults`, fault);
    const end = await refused(page);
    const [file = ''] = await readdir(folder);
    assert.equal(await readFile(join(folder, file), 'utf8'), `quota ${end}\n`);
    assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    for (let i = 0; i < 2; ++i) {
      await running.stop();
      const before = await asked();
      assert.ok(before > 0);
      running = await start_server(emulator.url, env);
      await until('it says so', () => /"event":"spotify_cool_down","quota":true/.test(running.log()));
      assert.equal(await refused(page), end);
      assert.equal(await asked(), before);
    }
  } finally {
    await running.stop();
  }
});

test('a folder that cannot be written keeps no server from starting, and the doctor tells it', async (t) => {
  const emulator = await start_emulator();
  t.after(emulator.stop);
  const file = join(await folder_for(t), 'a-file');
  await writeFile(file, '');
  const env = { STATE_DIR: join(file, 'below'), STATIC_DIR: '' };
  const running = await start_server(emulator.url, env);
  await until('it says so', () => running.log().includes('"event":"state_not_kept"'));
  assert.equal(await running.stop(), 0);
  assert.equal(running.log().split('"event":"state_not_kept"').length, 2, running.log());
  const { out } = await server(['--doctor', '--json'], {
    SPOTIFY_CLIENT_ID: 'id',
    SPOTIFY_CLIENT_SECRET: 'hush-hush',
    SPOTIFY_REDIRECT_URI: 'http://127.0.0.1:8000/auth/callback',
    SPOTIFY_ACCOUNTS_URL: `${emulator.url}/accounts`,
    SPOTIFY_API_URL: `${emulator.url}/v1`,
    ...env,
  });
  const found = JSON.parse(out).findings.find(
    (/** @type {{check: string}} */ one) => one.check === 'state_folder',
  );
  assert.equal(found.state, 'warning');
  assert.ok(found.what.startsWith(`${file}/below: Not a directory: a restart forgets`), found.what);
});
