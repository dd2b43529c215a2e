// Two origins, as deploy/nginx/split-origins.conf has them: the page from nginx, the server beside it, both over TLS
// from an authority the browser trusts, at names that resolve to this machine.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, test as base } from '@playwright/test';

import { server } from '../binaries/run.mjs';
import { at_root, deployed, make_identity, replaced, start_nginx } from '../deploy/support.mjs';
import { expect, ready, sign_in, watch } from './fixtures.mjs';
import { free_port, start_emulator, start_server } from './processes.mjs';
import { hear } from './sound.mjs';

const app = 'https://app.cadenza.test';
const api = 'https://api.cadenza.test';
const sibling = 'https://blog.cadenza.test';
const stranger = 'https://other.test';
const host_of = (/** @type {string} */ origin) => new URL(origin).hostname;

/** The site as `BACKEND_URL=… ./dev run --build-only` leaves it. @param {string} folder */
function copy_site(folder) {
  const site = join(folder, 'site');
  cpSync(at_root('build/site'), site, { recursive: true });
  writeFileSync(join(site, 'config.json'), `${JSON.stringify({ backend: api })}\n`);
  return site;
}

/** @param {string} folder @param {Record<string, string>} settings @param {string} server_port */
async function start_proxy(folder, settings, server_port) {
  const names = [app, api, sibling, stranger].map(host_of);
  const identity = make_identity(folder, names);
  const printed = await server(['--print-headers', 'nginx'], settings);
  if (printed.code !== 0) throw new Error(printed.err);
  writeFileSync(join(folder, 'cadenza-site.conf'), printed.out);
  writeFileSync(join(folder, 'cadenza-proxy.conf'), deployed('nginx/cadenza-proxy.conf'));
  const port = await free_port();
  const upstream = replaced(deployed('nginx/cadenza-upstream.conf'), {
    '127.0.0.1:8000': `127.0.0.1:${server_port}`,
    '    server 127.0.0.1:8010 max_fails=1 fail_timeout=5s;\n': '',
  });
  const site = replaced(deployed('nginx/split-origins.conf'), {
    'listen 443': `listen 127.0.0.1:${port}`,
    'listen 80;': `listen unix:${folder}/plain;`,
    'app.example.org': host_of(app),
    'api.example.org': host_of(api),
    '/usr/lib/cadenza/site': copy_site(folder),
    '/etc/ssl/cadenza/fullchain.pem': identity.certificate,
    '/etc/ssl/cadenza/key.pem': identity.key,
    '/etc/nginx/': `${folder}/`,
  });
  const others =
    `server {\nlisten 127.0.0.1:${port} ssl;\nserver_name ${host_of(sibling)} ${host_of(stranger)};\n` +
    'default_type text/html;\nreturn 200 "<title>elsewhere</title>";\n}\n';
  const nginx = await start_nginx(folder, `${upstream}\n${site}\n${others}`, port);
  return { identity, port, stop: nginx.stop };
}

/** A browser that trusts the authority `ca` alone beside the usual ones. @param {string} folder @param {string} ca @param {number} port */
function open_browser(folder, ca, port) {
  const database = join(folder, '.pki/nssdb');
  mkdirSync(database, { recursive: true });
  const certutil = (/** @type {string[]} */ args) =>
    execFileSync('certutil', ['-d', `sql:${database}`, ...args], { stdio: 'pipe' });
  certutil(['-N', '--empty-password']);
  certutil(['-A', '-t', 'C,,', '-n', 'test', '-i', ca]);
  return chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    viewport: { width: 1280, height: 800 },
    env: { ...process.env, HOME: folder },
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      `--host-resolver-rules=MAP *.test 127.0.0.1:${port}`,
    ],
  });
}

/** @typedef {object} House
 * @property {import('@playwright/test').BrowserContext} context
 * @property {import('@playwright/test').Page} page
 * @property {string[]} troubles
 * @property {() => string} log the server's
 */

const test = base.extend(
  /** @type {import('@playwright/test').Fixtures<{house: House}>} */ ({
    house: async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'cadenza-split-'));
      const callback = `${api}/auth/callback`;
      const emulator = await start_emulator(['--redirect', callback]);
      const port = String(await free_port());
      const settings = {
        PORT: port,
        SPOTIFY_CLIENT_ID: 'cadenza-demo',
        SPOTIFY_CLIENT_SECRET: 'cadenza-demo-secret',
        SPOTIFY_REDIRECT_URI: callback,
        SPOTIFY_ACCOUNTS_URL: `${emulator.url.replace('127.0.0.1', 'localhost')}/accounts`,
        SPOTIFY_API_URL: `${emulator.url}/v1`,
        SPOTIFY_SDK_URL: `${emulator.url}/sdk/spotify-player.js`,
        FRONTEND_URL: app,
        BACKEND_URL: api,
        STATIC_DIR: '',
        FORWARDED_ALLOW_IPS: '127.0.0.1',
        LOG_LEVEL: 'info',
      };
      const running = await start_server(emulator.url, settings);
      const proxy = await start_proxy(folder, settings, port);
      const context = await open_browser(folder, proxy.identity.ca, proxy.port);
      const troubles = watch(context);
      const page = context.pages()[0] ?? (await context.newPage());
      await use({ context, page, troubles, log: running.log });
      await context.close();
      await proxy.stop();
      expect(await running.stop()).toBe(0);
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  }),
);

test('two origins of one site: sign in, play, like, and reload without a network', async ({ house }) => {
  const { context, page, troubles, log } = house;
  await sign_in(page, app);
  expect(page.url()).toBe(`${app}/`);
  const cookies = (await context.cookies()).filter(({ name }) => /sid|login/.test(name));
  expect(cookies).toMatchObject([
    {
      name: '__Host-sid',
      domain: host_of(api),
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
    },
  ]);

  await page.locator('.rail-item a').first().click();
  await page.locator('main .row-title').first().click();
  await hear(page);
  const heart = page.locator('main .row.track .like[aria-pressed=false]').first();
  const liked = page.waitForResponse((response) => response.url() === `${api}/api/edits`);
  await heart.click();
  const answer = await liked;
  expect(answer.status()).toBe(204);
  expect(answer.headers()['access-control-allow-origin']).toBe(app);
  // The browser asked first whether it may.
  await expect.poll(log).toMatch(/"method":"OPTIONS","path":"\/api\/edits","status":204/);

  await page.goto(`${app}/library/tracks`);
  await expect(page.locator('main .row.track').first()).toBeVisible();
  const first = (await page.locator('main .row-title').first().textContent()) ?? '';
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  await expect(page.locator('main .row-title').first()).toHaveText(first);
  await expect(page.getByText('You are offline.', { exact: false }).first()).toBeVisible();
  await context.setOffline(false);

  await page.goto(`${app}/settings`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect((await context.cookies(api)).filter(({ name }) => name === '__Host-sid')).toEqual([]);
  expect(troubles).toEqual([]);
});

test('no other origin gets at the session, of the same site or of another', async ({ house }) => {
  const { context, page } = house;
  await sign_in(page, app);
  const from_page = () =>
    page.evaluate(async (url) => {
      const answer = await fetch(url, { credentials: 'include' });
      return (await answer.json()).authenticated;
    }, `${api}/api/session`);
  expect(await from_page()).toBe(true);

  for (const origin of [sibling, stranger]) {
    const other = await context.newPage();
    await other.goto(origin);
    const refusals = /** @type {number[]} */ ([]);
    other.on('response', (response) => {
      if (response.url().startsWith(api)) refusals.push(response.status());
    });
    const outcomes = await other.evaluate(async (to) => {
      /** @param {string} path @param {RequestInit} [init] */
      const attempt = (path, init) =>
        fetch(to + path, { credentials: 'include', ...init }).then(
          () => 'readable',
          () => 'refused',
        );
      return [
        await attempt('/api/session'),
        await attempt('/api/player/token', { method: 'POST', headers: { 'X-Cadenza': '1' } }),
        await attempt('/auth/logout', { method: 'POST' }),
        await attempt('/auth/login'),
      ];
    }, api);
    expect(outcomes, origin).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(
      refusals.every((status) => status === 403),
      `${origin}: ${refusals}`,
    ).toBe(true);
    await other.close();
  }
  expect(await from_page()).toBe(true);
});
