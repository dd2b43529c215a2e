// A static host that was told what --print-headers says answers as our own server does.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { bin, server } from '../binaries/run.mjs';
import { free_port, start_server } from '../e2e/processes.mjs';
import { ask, at_root, deployed, folder_for, start_caddy, start_nginx, variables_of } from './support.mjs';

const site = at_root('build/site');
const settings = {
  SPOTIFY_CLIENT_ID: 'id',
  SPOTIFY_CLIENT_SECRET: 'secret',
  SPOTIFY_REDIRECT_URI: 'https://api.example.org/auth/callback',
  SPOTIFY_ACCOUNTS_URL: 'https://accounts.spotify.com',
  SPOTIFY_API_URL: 'https://api.spotify.com/v1',
  SPOTIFY_SDK_URL: 'https://sdk.scdn.co/spotify-player.js',
  FRONTEND_URL: 'https://app.example.org',
  BACKEND_URL: 'https://api.example.org',
  SENTRY_DSN_CLIENT: 'https://key@o1.ingest.sentry.io/1',
};

/** What differs from one answer to the next, or from one program to the next, and says nothing about the site. */
const incidental =
  /^(?:date|server|etag|last-modified|accept-ranges|content-length|transfer-encoding|connection|keep-alive|x-request-id)$/;

/** @param {import('node:http').IncomingHttpHeaders} headers */
const fields = (headers) =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !incidental.test(name))
      .sort(),
  );

const id = '0123456789ABCDEFGHabcd';
const files = readdirSync(site, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(?:br|gz)$/.test(entry.name))
  .map((entry) => `/${relative(site, `${entry.parentPath ?? entry.path}/${entry.name}`)}`);
const pages = ['/', '/search', '/search?q=x', '/library/albums', `/album/${id}`, '/settings'];

const hosts = {
  nginx: (/** @type {string} */ folder, /** @type {string} */ printed, /** @type {number} */ port) =>
    start_nginx(
      folder,
      `server {\nlisten 127.0.0.1:${port};\nroot ${site};\ngzip_static on;\ngzip_vary on;\n${printed}}\n`,
      port,
    ),
  caddy: (/** @type {string} */ folder, /** @type {string} */ printed, /** @type {number} */ port) =>
    start_caddy(
      folder,
      `http://:${port} {\nroot * ${site}\n${printed}file_server {\nprecompressed br gzip\n}\n}\n`,
      port,
    ),
};

for (const [name, start] of Object.entries(hosts)) {
  test(`${name} sends the headers that our own server sends`, async (t) => {
    const { code, out, err } = await server(['--print-headers', name], settings);
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    const ports = [await free_port(), await free_port()];
    const own = await start_server('http://127.0.0.1:1', {
      ...settings,
      PORT: String(ports[0]),
      SESSION_KEYS: `a:${'A'.repeat(43)}=`,
    });
    t.after(own.stop);
    const host = await start(folder_for(t), out, ports[1] ?? 0);
    t.after(host.stop);
    assert.ok(files.some((path) => path.startsWith('/assets/main-')) && files.includes('/sw.js'));
    for (const path of [...files, ...pages]) {
      const headers = { 'accept-encoding': 'gzip' };
      const ours = await ask('api.example.org', ports[0] ?? 0, path, { headers });
      const theirs = await ask('app.example.org', ports[1] ?? 0, path, { headers });
      assert.equal(ours.status, 200, path);
      assert.equal(theirs.status, 200, path);
      assert.deepEqual(fields(theirs.headers), fields(ours.headers), path);
      assert.ok(ours.headers['strict-transport-security'], path);
    }
    for (const path of ['/nothing', '/album/short', '/assets/', '/library'])
      assert.equal((await ask('app.example.org', ports[1] ?? 0, path)).status, 404, path);
  });
}

for (const [host, file] of [
  ['vercel', 'vercel.json'],
  ['netlify', 'netlify.toml'],
]) {
  test(`deploy/${host}/${file} is what is printed for the settings beside it`, async () => {
    const env = variables_of(deployed(`${host}/example.env`));
    const printed = await server(['--print-headers', host ?? ''], env);
    assert.equal(printed.err, '');
    assert.equal(printed.out, deployed(`${host}/${file}`));
  });
}

test('sw.js is what our own server sends, after the command of docs/deploy.md', async (t) => {
  const command = /^```\n(.*sw\.js)\n```$/m.exec(readFileSync(at_root('docs/deploy.md'), 'utf8'))?.[1] ?? '';
  assert.match(command, /^cadenza-server /);
  const folder = folder_for(t);
  const worker = join(folder, 'build/site/sw.js');
  mkdirSync(join(folder, 'build/site'), { recursive: true });
  copyFileSync(join(site, 'sw.js'), worker);
  const shell = (/** @type {Record<string, string>} */ env) =>
    execFileSync('sh', ['-ec', command], {
      cwd: folder,
      env: { ...env, PATH: `${bin}:${process.env.PATH}` },
    });
  const served = async (/** @type {Record<string, string>} */ env) => {
    const port = await free_port();
    const keys = { SESSION_KEYS: `a:${'A'.repeat(43)}=` };
    const own = await start_server('http://127.0.0.1:1', { ...env, ...keys, PORT: String(port) });
    t.after(own.stop);
    return (await ask('api.example.org', port, '/sw.js')).body;
  };
  shell(settings);
  const ours = await served(settings);
  assert.equal(readFileSync(worker, 'utf8'), ours);
  const { SENTRY_DSN_CLIENT: _, ...others } = settings;
  assert.notEqual(await served(others), ours, 'another policy');
});

test('every file whose name has a hash, and no other, is kept for good', async (t) => {
  const port = await free_port();
  const own = await start_server('http://127.0.0.1:1', { PORT: String(port) });
  t.after(own.stop);
  for (const path of files) {
    const { headers } = await ask('127.0.0.1', port, path);
    assert.equal(/immutable/.test(headers['cache-control'] ?? ''), path.startsWith('/assets/'), path);
  }
});

test('a host we do not know is bad usage', async () => {
  for (const args of [['--print-headers'], ['--print-headers', 'apache'], ['--print-headers', 'nginx', 'x']])
    assert.equal((await server(args)).code, 2);
});
