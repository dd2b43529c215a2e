// cadenza-server --doctor on what is around the server: redis-server, certificates, the addresses that browsers ask.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { createServer as create_plain_server } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';

import { free_port, start_server } from '../e2e/processes.mjs';
import { start_redis } from '../support/redis.mjs';
import { emulator, examine, folder, settings } from './doctor.mjs';

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
