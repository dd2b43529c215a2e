// The server as its own TLS end, asked by real clients.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { free_port, start_server } from '../e2e/processes.mjs';
import { server } from './run.mjs';

/**
 * Whose certificate it is does not matter here.
 * @param {string} url
 * @returns {Promise<import('node:http').IncomingMessage>}
 */
const ask = (url) =>
  new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false }, (answer) => resolve(answer.resume())).on('error', reject);
  });

test('with a certificate it serves https, and --healthcheck finds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-tls-'));
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder, name));
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  const port = String(await free_port());
  const settings = {
    PORT: port,
    STATIC_DIR: '',
    SPOTIFY_CLIENT_ID: 'id',
    SPOTIFY_CLIENT_SECRET: 'secret',
    SPOTIFY_REDIRECT_URI: `https://127.0.0.1:${port}/auth/callback`,
    SPOTIFY_ACCOUNTS_URL: 'https://accounts.spotify.com',
    SPOTIFY_API_URL: 'https://api.spotify.com/v1',
    SPOTIFY_SDK_URL: 'https://sdk.scdn.co/spotify-player.js',
    TLS_CERT_FILE: cert,
    TLS_KEY_FILE: key,
  };
  try {
    const running = await start_server('http://127.0.0.1:1', settings);
    try {
      assert.equal(running.url, `https://127.0.0.1:${port}`);
      const answer = await ask(`${running.url}/livez`);
      assert.equal(answer.statusCode, 200);
      assert.match(answer.headers['strict-transport-security'] ?? '', /^max-age=/);
      await assert.rejects(fetch(`http://127.0.0.1:${port}/livez`));
      assert.deepEqual(await server(['--healthcheck'], settings), { code: 0, out: 'alive\n', err: '' });
    } finally {
      assert.equal(await running.stop(), 0);
    }
    const without = await server([], { ...settings, TLS_KEY_FILE: cert });
    assert.equal(without.code, 1);
    assert.match(without.err, /cert\.pem/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
