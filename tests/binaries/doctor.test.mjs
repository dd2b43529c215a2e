// cadenza-server --doctor with real neighbours: the emulator as Spotify, redis-server, certificates.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as create_plain_server } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { free_port, start_demo, start_emulator, start_server } from '../e2e/processes.mjs';
import { start_redis } from '../support/redis.mjs';
import { server } from './run.mjs';

/** @typedef {{check: string, state: 'ok' | 'warning' | 'failed' | 'skipped', what: string, todo: string}} Finding */

const secret = 'cadenza-demo-secret';
const key = 'hPqYxnKcBUF5PcTVPSp8svFYHmrmzGA2b5zUWc9vz2Q=';

/** @type {import('../e2e/processes.mjs').Running} */
let emulator;
let folder = '';
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
const settings = (more = {}) => ({
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
async function examine(env, secrets = []) {
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

/** In memory unless `args` say otherwise; gives its port. @param {import('node:test').TestContext} t @param {string[]} args */
async function redis_of(t, args) {
  const redis = await start_redis(mkdtempSync(join(folder, 'redis-')), {
    args: ['--appendonly', 'no', ...args],
  });
  t.after(() => redis.stop('SIGKILL'));
  return redis.port;
}

/**
 * A certificate for 127.0.0.1 in files.
 * @param {string} name @param {number} days @param {string} [names]
 */
function certificate(name, days, names = 'IP:127.0.0.1') {
  const [cert, private_key] = ['cert', 'key'].map((kind) => join(folder, `${name}.${kind}.pem`));
  const openssl = (/** @type {string[]} */ ...args) => execFileSync('openssl', args, { stdio: 'ignore' });
  const subject = ['-subj', '/CN=test', '-addext', `subjectAltName=${names}`];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', ...kind, ...subject, '-keyout', private_key, '-out', cert);
  // Signed anew, as only this command takes times in the past.
  openssl('x509', '-in', cert, '-signkey', private_key, '-days', String(days), '-out', `${cert}.new`);
  renameSync(`${cert}.new`, cert);
  return { TLS_CERT_FILE: cert, TLS_KEY_FILE: private_key };
}

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

test('a Redis that keeps what it has', async (t) => {
  const password = 'redis-password';
  const port = await redis_of(t, ['--appendonly', 'yes', '--requirepass', password]);
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const { code, found } = await examine(settings({ REDIS_URL: url }), [password]);
  assert.equal(code, 0);
  for (const check of ['', '_version', '_role', '_persistence', '_eviction'])
    assert.equal(found.get(`redis${check}`)?.state, 'ok', check);
  const refused = await examine(settings({ REDIS_URL: `redis://:wrong-word@127.0.0.1:${port}` }), [
    'wrong-word',
  ]);
  assert.deepEqual([refused.code, refused.state('redis')], [1, 'failed']);
});

test('a Redis that drops sessions is a failure, one that forgets them a warning', async (t) => {
  const port = await redis_of(t, ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
  const { code, state } = await examine(settings({ REDIS_URL: `redis://127.0.0.1:${port}` }));
  assert.equal(code, 1);
  assert.equal(state('redis_eviction'), 'failed');
  assert.equal(state('redis_persistence'), 'warning');
});

test('what a Redis user may not ask is skipped, with the reason', async (t) => {
  const port = await redis_of(t, [
    ...['--user', 'default', 'on', 'nopass', '~*', '&*', '+@all', '-@admin', '-config'],
  ]);
  const { code, found } = await examine(settings({ REDIS_URL: `redis://127.0.0.1:${port}` }));
  assert.equal(code, 0);
  assert.equal(found.get('redis_persistence')?.state, 'skipped');
  assert.match(found.get('redis_persistence')?.what ?? '', /NOPERM/);
});

test('a Redis out of reach is a failure', async () => {
  const { code, state } = await examine(settings({ REDIS_URL: `redis://127.0.0.1:${await free_port()}` }));
  assert.deepEqual([code, state('redis')], [1, 'failed']);
});

test('own certificates: good, soon over, over, for another name, with another key', async () => {
  const own = settings({ SPOTIFY_REDIRECT_URI: `https://127.0.0.1:${await free_port()}/auth/callback` });
  const good = certificate('good', 90);
  const cases = [
    { files: good, state: 'ok', says: /8\d days left/ },
    { files: certificate('soon', 10), state: 'warning', says: / days left/ },
    { files: certificate('over', -1), state: 'failed', says: /expired/ },
    { files: certificate('other', 90, 'DNS:example.net'), state: 'failed', says: /not for 127\.0\.0\.1/ },
    {
      files: { ...good, TLS_KEY_FILE: certificate('foreign', 90).TLS_KEY_FILE },
      state: 'failed',
      says: /foreign\.key\.pem/,
    },
  ];
  for (const { files, state, says } of cases) {
    const { code, found } = await examine({ ...own, ...files });
    assert.equal(found.get('tls_certificate')?.state, state, String(says));
    assert.match(found.get('tls_certificate')?.what ?? '', says);
    assert.equal(found.get('public_tls')?.state, 'skipped'); // nobody listens there
    assert.equal(code, state === 'failed' ? 1 : 0);
  }
});

test('what browsers are shown at the public address', async (t) => {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: private_key } = certificate('shown', 90);
  const site = createServer({ cert: readFileSync(cert), key: readFileSync(private_key) });
  t.after(() => site.close());
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (site.address());
  const behind = settings({
    SPOTIFY_REDIRECT_URI: `https://127.0.0.1:${port}/auth/callback`,
    FORWARDED_ALLOW_IPS: '127.0.0.1',
  });
  const untrusted = await examine(behind);
  assert.deepEqual([untrusted.code, untrusted.state('public_tls')], [1, 'failed']);
  assert.match(untrusted.found.get('public_tls')?.what ?? '', /self-signed/);
  const trusted = await examine({ ...behind, SSL_CERT_FILE: cert });
  assert.deepEqual([trusted.code, trusted.state('public_tls')], [0, 'ok']);
});

test('client and server of two origins are asked for', async (t) => {
  const running = await start_server(emulator.url, { STATIC_DIR: '' });
  t.after(running.stop);
  let type = 'text/html; charset=utf-8';
  const site = create_plain_server((_, answer) =>
    answer.setHeader('content-type', type).end('<!doctype html>'),
  );
  t.after(() => site.close());
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (site.address());
  const two = settings({
    SPOTIFY_REDIRECT_URI: `${running.url}/auth/callback`,
    BACKEND_URL: running.url,
    FRONTEND_URL: `http://127.0.0.1:${port}`,
  });
  const states = async (/** @type {Record<string, string>} */ env) => {
    const { code, state } = await examine(env);
    return [code, state('backend_url'), state('frontend_url')];
  };
  assert.deepEqual(await states(two), [0, 'ok', 'ok']);
  type = 'application/json';
  assert.deepEqual(await states(two), [0, 'ok', 'warning']);
  await running.stop();
  site.close();
  assert.deepEqual(await states(two), [0, 'warning', 'warning']);
  assert.deepEqual(await states(settings()), [0, 'skipped', 'skipped']);
});

test('a server behind a certificate that nobody trusts is not reached', async (t) => {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: private_key } = certificate('behind', 90);
  const proxy = createServer({ cert: readFileSync(cert), key: readFileSync(private_key) }, (_, answer) =>
    answer.end('alive\n'),
  );
  t.after(() => proxy.close());
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  const origin = `https://127.0.0.1:${port}`;
  const behind = settings({
    SPOTIFY_REDIRECT_URI: `${origin}/auth/callback`,
    BACKEND_URL: origin,
    FORWARDED_ALLOW_IPS: '127.0.0.1',
  });
  const untrusted = await examine(behind);
  assert.equal(untrusted.state('backend_url'), 'warning');
  assert.match(untrusted.found.get('backend_url')?.what ?? '', /self-signed|certificate/);
  assert.equal((await examine({ ...behind, SSL_CERT_FILE: cert })).state('backend_url'), 'ok');
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
