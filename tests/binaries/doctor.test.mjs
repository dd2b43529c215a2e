// cadenza-server --doctor on its settings, with the emulator as Spotify, and what a running server tells of them.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { free_port, start_demo, start_server } from '../e2e/processes.mjs';
import { emulator, examine, folder, secret, settings } from './doctor.mjs';

/** @typedef {import('./doctor.mjs').Finding} Finding */

test('good settings: nothing failed, and the redirect URI to paste is told', async () => {
  const { code, text, found, state } = await examine(settings());
  assert.equal(code, 0);
  for (const check of ['settings', 'accounts', 'credentials', 'api', 'clock', 'session_keys', 'same_site'])
    assert.equal(state(check), 'ok', check);
  assert.match(text, /Redirect URIs .*: http:\/\/127\.0\.0\.1:8000\/auth\/callback$/m);
  assert.equal(state('redis'), 'skipped');
  assert.match(found.get('session_keys')?.what ?? '', /since 2026/);
});

test('a wrong secret is named as the secret, and not shown', async () => {
  const wrong = 'quite-another-secret';
  const { code, text, state } = await examine(settings({ SPOTIFY_CLIENT_SECRET: wrong }), [wrong]);
  assert.equal(code, 1);
  assert.equal(state('credentials'), 'failed');
  assert.match(text, /SPOTIFY_CLIENT_SECRET/);
});

test('Spotify out of reach is a failure of its own, not of the credentials', async () => {
  const nowhere = `http://127.0.0.1:${await free_port()}`;
  const { code, state } = await examine(
    settings({ SPOTIFY_ACCOUNTS_URL: `${nowhere}/accounts`, SPOTIFY_API_URL: `${nowhere}/v1` }),
  );
  assert.equal(code, 1);
  assert.equal(state('accounts'), 'failed');
  assert.equal(state('api'), 'failed');
  assert.equal(state('credentials'), 'skipped');
});

test('settings that cannot be used are all told, and nothing else', async () => {
  const { code, found } = await examine({ PORT: 'eighty', LOG_LEVEL: 'loud', SPOTIFY_CLIENT_SECRET: secret });
  assert.equal(code, 2);
  assert.deepEqual([...found.keys()].sort(), [
    'LOG_LEVEL',
    'PORT',
    'SPOTIFY_CLIENT_ID',
    'SPOTIFY_REDIRECT_URI',
  ]);
});

test('demo mode needs nobody', async () => {
  const { code, state } = await examine({ STATIC_DIR: '' });
  assert.equal(code, 0);
  assert.equal(state('credentials'), 'skipped');
});

test('a client that is not there is a failure', async () => {
  const { code, state } = await examine(settings({ STATIC_DIR: folder }));
  assert.deepEqual([code, state('static_site')], [0, 'ok']);
  const missing = await examine(settings({ STATIC_DIR: join(folder, 'nothing') }));
  assert.deepEqual([missing.code, missing.state('static_site')], [1, 'failed']);
});

test('keys that can be guessed are a failure', async () => {
  const weak = `${'A'.repeat(43)}=`;
  const { code, state } = await examine(settings({ SESSION_KEYS: `2026a:${weak}` }), [weak]);
  assert.deepEqual([code, state('session_keys')], [1, 'failed']);
});

test('everybody may ask a running server what signing in needs, and no more', async () => {
  const wrong = 'quite-another-secret';
  const running = await start_server(emulator.url, { STATIC_DIR: '', SPOTIFY_CLIENT_SECRET: wrong });
  try {
    const answer = await fetch(`${running.url}/api/doctor`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const text = await answer.text();
    assert.ok(!text.includes(wrong));
    const { ok, findings } = JSON.parse(text);
    assert.equal(ok, false);
    /** @type {[string, string][]} */
    const states = findings.map((/** @type {Finding} */ { check, state }) => [check, state]);
    assert.deepEqual(Object.fromEntries(states), {
      redirect_uri: 'ok',
      same_site: 'ok',
      cookies: 'ok',
      accounts: 'ok',
      credentials: 'failed',
    });
    // Asked again, it asks Spotify nothing new.
    const asked = async () =>
      (await (await fetch(`${emulator.url}/_emulator/requests`)).text()).split('/api/token').length;
    const before = await asked();
    assert.equal(await (await fetch(`${running.url}/api/doctor`)).text(), text);
    assert.equal(await asked(), before);
  } finally {
    await running.stop();
  }
  const demo = await start_demo({ STATIC_DIR: '' });
  try {
    assert.equal((await (await fetch(`${demo.url}/api/doctor`)).json()).ok, true);
  } finally {
    await demo.stop();
  }
});
