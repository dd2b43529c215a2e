import assert from 'node:assert/strict';
import { test } from 'node:test';

import { open_page } from './page.mjs';

open_page();
const { endpoint_of, envelope, event_of, frames_of, limited_until, make_reporter, scrub } =
  await import('../../wasm-client/host/report.js');
const { caught, error_commands, listen_errors } = await import('../../wasm-client/host/errors.js');

const origin = 'http://127.0.0.1:8000';
const build = { release: 'cadenza-client@b1', environment: 'production' };
const options = { ...build, dsn: 'https://k1@errors.example.org/sub/7', lost: 0 };
const typical = "Cannot read properties of undefined (reading 'x')";

/** @param {string} text */
function parse(text) {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  /** @type {Record<string, any>} */
  const items = {};
  for (let i = 0; i < lines.length; i += 2) {
    const { type, length } = JSON.parse(lines[i] ?? '');
    assert.equal(Buffer.byteLength(lines[i + 1] ?? ''), length);
    items[type] = JSON.parse(lines[i + 1] ?? '');
  }
  return { head: JSON.parse(head), items };
}

/** @param {import('node:test').TestContext} t @param {() => Promise<Response>} answer */
function sentry(t, answer = async () => new Response('{}')) {
  const call = t.mock.method(globalThis, 'fetch', answer);
  const envelopes = () => call.mock.calls.map(({ arguments: [, init] }) => parse(String(init?.body)));
  return { call, envelopes };
}

/** An error that is unlike the others. @param {number} n */
const nth = (n) =>
  Object.assign(new TypeError(typical), { stack: `at f (${origin}/assets/main-a.js:1:${n})` });
const error = (/** @type {number} */ n) =>
  /** @type {const} */ ({ kind: 'error', error: nth(n), at: Date.now() });

test('only what engines say is kept of a message', () => {
  assert.equal(scrub(typical), 'Cannot read properties of undefined');
  assert.equal(scrub('x is not a function'), 'x is not a function');
  assert.equal(scrub('unreachable'), 'unreachable');
  assert.equal(scrub('core stopped with 1: Ann likes Clair de lune'), 'core stopped with 1');
  assert.equal(scrub('connect-src refused https://a.example'), 'connect-src refused https://a.example');
  for (const secret of [
    'Ann likes Clair de lune',
    'token=BQabc',
    'https://x.example/?q=words',
    '',
    'Unexpected token in "Clair de lune"',
    'connect-src refused https://a.example/path?q=1',
  ])
    assert.equal(scrub(secret), '[redacted]', secret);
});

test('frames are those in files of ours, the oldest first, without addresses and queries', () => {
  const chromium = [
    'TypeError: http://127.0.0.1:8000/assets/secret.js:1:1 Clair de lune',
    `    at inner (${origin}/assets/main-1a.js?token=x:1:20)`,
    `    at ${origin}/assets/cadenza-2b.wasm:wasm-function[12]:0x1f`,
    '    at https://sdk.scdn.co/spotify-player.js:9:9',
    `    at ${origin}/playlist/37i9?q=x:3:4`,
    `    at async outer (${origin}/assets/main-1a.js:2:30)`,
  ].join('\n');
  const frame = { in_app: true, lineno: 1, filename: 'app:///assets/main-1a.js' };
  assert.deepEqual(frames_of(chromium.split('\n').slice(1).join('\n'), origin), [
    { ...frame, function: 'outer', lineno: 2, colno: 30 },
    { ...frame, filename: 'app:///assets/cadenza-2b.wasm', function: 'wasm-function[12]', colno: 31 },
    { ...frame, function: 'inner', colno: 20 },
  ]);
  assert.ok(!JSON.stringify(frames_of(chromium, origin)).includes('Clair'));
  assert.deepEqual(frames_of(`inner@${origin}/assets/main-1a.js:1:20`, origin), [
    { ...frame, function: 'inner', colno: 20 },
  ]);
  for (const odd of [undefined, 7, {}, '', 'x'.repeat(1e6)]) assert.deepEqual(frames_of(odd, origin), []);
});

test('the address is made of the DSN', () => {
  assert.equal(
    endpoint_of(options.dsn),
    'https://errors.example.org/sub/api/7/envelope/?sentry_version=7&sentry_key=k1&sentry_client=cadenza-client%2F1',
  );
});

test('an event names build, type and place, and nothing that was thrown beside', () => {
  const hostile = { name: 'Clair de lune', message: 'of Ann', stack: 'Ann\nAnn', user: 'Ann', cause: 'Ann' };
  for (const thrown of [hostile, 'Ann', null, undefined, 7, new Error('Ann', { cause: 'Ann' })]) {
    const text = JSON.stringify(event_of({ kind: 'rejection', error: thrown, at: 1 }, build));
    assert.ok(!/Ann|Clair/.test(text), text);
  }
  const event = event_of({ kind: 'core', error: nth(3), at: 1500 }, build);
  assert.match(event.event_id, /^[0-9a-f]{32}$/);
  assert.equal(event.timestamp, 1.5);
  assert.equal(event.level, 'fatal');
  assert.equal(event.release, 'cadenza-client@b1');
  assert.equal(event.exception.values[0]?.type, 'TypeError');
  assert.equal(event.exception.values[0]?.stacktrace?.frames[0]?.colno, 3);
  assert.deepEqual(parse(envelope(event, new Map(), 0)).items.event, event);
});

test('limits are those for errors or for everything, and Retry-After counts where there are none', () => {
  const until = (/** @type {Record<string, string>} */ fields, status = 200) =>
    limited_until(new Headers(fields), status, 1000) - 1000;
  assert.equal(until({}), -1000);
  assert.equal(until({ 'X-Sentry-Rate-Limits': '10:session;transaction:key' }), -1000);
  assert.equal(until({ 'X-Sentry-Rate-Limits': '10:session:key, 2.5:error;default:org' }), 2500);
  assert.equal(until({ 'X-Sentry-Rate-Limits': '30::org' }), 30_000);
  assert.equal(until({ 'X-Sentry-Rate-Limits': 'x::org' }), 60_000);
  assert.equal(until({ 'X-Sentry-Rate-Limits': '1e9::org' }), 86_400_000);
  assert.equal(until({ 'X-Sentry-Rate-Limits': '10:session:key', 'Retry-After': '9' }, 429), -1000);
  assert.equal(until({ 'Retry-After': '9' }, 429), 9000);
  assert.equal(until({ 'Retry-After': 'Thu, 01 Jan 1970 00:00:21 GMT' }, 429), 20_000);
  assert.equal(until({ 'Retry-After': 'soon' }, 429), 60_000);
  assert.equal(until({}, 429), 60_000);
});

test('the same error is sent once, without cookies or a referrer', async (t) => {
  const { call } = sentry(t);
  const report = make_reporter(options);
  await report(error(1));
  await report(error(1));
  assert.equal(call.mock.callCount(), 1);
  const init = /** @type {RequestInit} */ (call.mock.calls[0]?.arguments[1]);
  assert.equal(init.credentials, 'omit');
  assert.equal(init.referrerPolicy, 'no-referrer');
  assert.equal(init.keepalive, true);
  assert.equal(init.headers, undefined);
});

test('five are sent a minute and thirty in all; the rest are counted', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const { envelopes } = sentry(t);
  const report = make_reporter({ ...options, lost: 2 });
  for (let i = 0; i < 7; i++) await report(error(i));
  assert.equal(envelopes().length, 5);
  assert.deepEqual(envelopes()[0]?.items.client_report.discarded_events, [
    { reason: 'buffer_overflow', category: 'error', quantity: 2 },
  ]);
  t.mock.timers.tick(60_001);
  await report(error(7));
  assert.deepEqual(envelopes()[5]?.items.client_report.discarded_events, [
    { reason: 'sample_rate', category: 'error', quantity: 2 },
  ]);
  for (let i = 8; i < 100; i++) {
    t.mock.timers.tick(20_000);
    await report(error(i));
  }
  assert.equal(envelopes().length, 30);
});

test('a limit is kept to, and a failure neither throws nor sends again', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const { call, envelopes } = sentry(t);
  const report = make_reporter(options);
  call.mock.mockImplementation(
    async () => new Response('', { status: 429, headers: { 'Retry-After': '100' } }),
  );
  await report(error(1));
  await report(error(2));
  assert.equal(call.mock.callCount(), 1);
  t.mock.timers.tick(100_001);
  call.mock.mockImplementation(async () => {
    throw new TypeError('no network');
  });
  await report(error(3));
  call.mock.mockImplementation(async () => new Response('{}'));
  await report(error(4));
  assert.deepEqual(envelopes()[2]?.items.client_report.discarded_events, [
    { reason: 'network_error', category: 'error', quantity: 1 },
    { reason: 'ratelimit_backoff', category: 'error', quantity: 1 },
  ]);
  const trap = new Proxy({}, { get: () => assert.fail('looked at') });
  await report({ kind: 'error', error: trap, at: 0 });
  assert.equal(call.mock.callCount(), 3);
});

test('that its own requests are refused by the policy is not reported', async (t) => {
  const { call } = sentry(t);
  await make_reporter(options)({
    kind: 'policy',
    error: 'connect-src refused https://errors.example.org',
    at: 0,
  });
  assert.equal(call.mock.callCount(), 0);
});

test('five errors wait until it is known where they go, and the rest are counted', async () => {
  listen_errors();
  /** @type {any} */
  let made;
  /** @type {any[]} */
  const sent = [];
  const load = async () =>
    /** @type {any} */ ({
      make_reporter: (/** @type {any} */ given) => (
        (made = given),
        (/** @type {any} */ one) => sent.push(one)
      ),
    });
  window.dispatchEvent(Object.assign(new Event('error'), { error: new TypeError('first') }));
  window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: 'second' }));
  document.dispatchEvent(
    Object.assign(new Event('securitypolicyviolation'), {
      effectiveDirective: 'img-src',
      blockedURI: 'https://a.example/x?y=z',
    }),
  );
  for (let i = 0; i < 4; i++) caught('core', i);
  await error_commands(load).report_errors({ dsn: options.dsn, environment: 'demo' });
  assert.deepEqual(made, { dsn: options.dsn, environment: 'demo', release: 'cadenza-client@b1', lost: 2 });
  assert.deepEqual(
    sent.map(({ kind }) => kind),
    ['error', 'rejection', 'policy', 'core', 'core'],
  );
  assert.equal(sent[2].error, 'img-src refused https://a.example');
  caught('error', 'later');
  assert.equal(sent.length, 6);
});
