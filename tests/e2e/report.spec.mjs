// Errors of the page at a Sentry that takes its protocol strictly.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect, sign_in, test } from './fixtures.mjs';
import { start_server } from './processes.mjs';

test.use({ ignoreHTTPSErrors: true });

/** A certificate nobody else trusts. */
function identity() {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-sentry-'));
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=sentry'.split(
    ' ',
  );
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const out = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return out;
}

/** @param {string} body @returns {any} the event */
function check_envelope(body) {
  const lines = body.split('\n');
  expect(lines.pop()).toBe('');
  const head = JSON.parse(lines.shift() ?? '');
  expect(head.event_id).toMatch(/^[0-9a-f]{32}$/);
  expect(Math.abs(Date.parse(head.sent_at) - Date.now())).toBeLessThan(60_000);
  const { type, length } = JSON.parse(lines.shift() ?? '');
  expect(type).toBe('event');
  const payload = lines.shift() ?? '';
  expect(Buffer.byteLength(payload)).toBe(length);
  expect(lines).toEqual([]);
  const event = JSON.parse(payload);
  expect(event.event_id).toBe(head.event_id);
  expect(event.platform).toBe('javascript');
  return event;
}

async function fake_sentry() {
  /** @type {{method: string | undefined, url: string | undefined, headers: import('node:http').IncomingHttpHeaders, body: string}[]} */
  const requests = [];
  const server = createServer(identity(), async (request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: await text(request) });
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'x-sentry-error, x-sentry-rate-limits, retry-after');
    response.setHeader('Content-Type', 'application/json');
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const stop = () => (server.closeAllConnections(), server.close());
  return { requests, host: `127.0.0.1:${port}`, stop };
}

test('an error arrives once, and with it nothing about anybody', async ({
  page,
  context,
  emulator,
  troubles,
}) => {
  const sentry = await fake_sentry();
  const app = await start_server(emulator.url, { SENTRY_DSN_CLIENT: `https://k1@${sentry.host}/7` });
  try {
    const loaded = page.waitForResponse(/\/assets\/report-.*\.js$/);
    await sign_in(page, app.url);
    await loaded;
    await page.goto(`${app.url}/library/tracks`);
    const titles = page.locator('main .row-title');
    await expect(titles.first()).toBeVisible();
    const shown = (await titles.allTextContents()).map((title) => title.trim()).filter((title) => title);
    const session = await (await page.request.get(`${app.url}/api/session`)).json();
    const { access_token } = await page.evaluate(async () =>
      (await fetch('/api/player/token', { method: 'POST', headers: { 'X-Cadenza': '1' } })).json(),
    );
    // Only those of the app: the emulator's accounts page has one of its own, "1".
    const cookies = (await context.cookies(app.url)).map(({ value }) => value);
    expect(cookies.length).toBeGreaterThan(0);
    const secrets = [...shown, ...cookies, access_token, session.user.name, session.account];
    expect(secrets.length).toBeGreaterThan(5);
    for (const secret of secrets) expect(String(secret).length).toBeGreaterThan(2);

    const message = secrets.join(' ');
    for (let i = 0; i < 2; i++) {
      await page.evaluate((words) => {
        setTimeout(() => {
          throw new RangeError(words);
        });
      }, message);
    }
    await expect.poll(() => troubles.length).toBe(2);
    await expect.poll(() => sentry.requests.length).toBe(1);
    troubles.splice(0);

    // Another one, so that a second of the first would have come before.
    await page.evaluate(() => void Promise.reject(new TypeError('x is not a function')));
    await expect.poll(() => sentry.requests.length).toBe(2);
    troubles.splice(0);

    const [event, other] = sentry.requests.map(({ method, url, headers, body }) => {
      expect(method).toBe('POST');
      expect(url).toBe('/api/7/envelope/?sentry_version=7&sentry_key=k1&sentry_client=cadenza-client%2F1');
      expect(headers.origin).toBe(app.url);
      expect(headers.cookie).toBeUndefined();
      expect(headers.referer).toBeUndefined();
      for (const secret of secrets) expect(body).not.toContain(secret);
      return check_envelope(body);
    });
    expect(event.exception.values[0].type).toBe('RangeError');
    expect(event.exception.values[0].value).toBe('[redacted]');
    expect(event.release).toMatch(/^cadenza-client@[0-9a-f]{12}$/);
    expect(event.environment).toBe('production');
    expect(other.tags.kind).toBe('rejection');
    expect(other.exception.values[0].value).toBe('x is not a function');
  } finally {
    sentry.stop();
    await app.stop();
  }
});

test('without a DSN nothing is loaded', async ({ page, app, troubles }) => {
  /** @type {string[]} */
  const urls = [];
  page.on('request', (request) => urls.push(request.url()));
  const configured = page.waitForResponse(/\/api\/config$/);
  const shell = await page.goto(app.url);
  expect((await (await configured).json()).sentry_dsn).toBeUndefined();
  const policy = (await shell?.headerValue('content-security-policy')) ?? '';
  expect(policy).toMatch(/connect-src 'self' http:\/\/127\.0\.0\.1:\d+;/);
  await sign_in(page, app.url);
  await page.evaluate(() => {
    setTimeout(() => {
      throw new RangeError('x');
    });
  });
  await expect.poll(() => troubles.length).toBe(1);
  troubles.splice(0);
  expect(urls.filter((url) => /report-|envelope/.test(url))).toEqual([]);
});
