// What a server without Redis keeps over a restart: how long Spotify wants no requests.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
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
  };
  const asked = async () => {
    const { requests } = await (await fetch(`${emulator.url}/_emulator/requests`)).json();
    return requests.length;
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
    const until = await refused(page);
    const [file = ''] = await readdir(folder);
    assert.equal(await readFile(join(folder, file), 'utf8'), `quota ${until}\n`);
    assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    for (let i = 0; i < 2; ++i) {
      await running.stop();
      const before = await asked();
      running = await start_server(emulator.url, env);
      assert.match(running.log(), /"event":"spotify_cool_down","quota":true/);
      assert.equal(await refused(page), until);
      assert.equal(await asked(), before);
    }
  } finally {
    await running.stop();
  }
});

test('a folder that cannot be written keeps no server from starting, and the doctor tells it', async (t) => {
  const emulator = await start_emulator();
  t.after(emulator.stop);
  const env = { STATE_DIR: '/proc/nothing/here' };
  const running = await start_server(emulator.url, env);
  const log = running.log();
  assert.equal(await running.stop(), 0);
  assert.equal(log.split('"event":"state_not_kept"').length, 2, log);
  const { out } = await server(['--doctor', '--json'], {
    SPOTIFY_CLIENT_ID: 'id',
    SPOTIFY_CLIENT_SECRET: 'hush-hush',
    SPOTIFY_REDIRECT_URI: 'http://127.0.0.1:8000/auth/callback',
    SPOTIFY_ACCOUNTS_URL: `${emulator.url}/accounts`,
    SPOTIFY_API_URL: `${emulator.url}/v1`,
    STATIC_DIR: '',
    ...env,
  });
  const found = JSON.parse(out).findings.find(
    (/** @type {{check: string}} */ one) => one.check === 'state_folder',
  );
  assert.equal(found.state, 'warning');
  assert.match(found.what, /^\/proc: .*a restart forgets/);
});
