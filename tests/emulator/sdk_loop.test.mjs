// The player inside the SDK's iframe, run with a page, a network and a clock that are this file's.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import vm from 'node:vm';

const source = await readFile(new URL('../../server/emulator/sdk/embedded.js', import.meta.url), 'utf8');

/** @typedef {{status: number, body?: any, text?: string} | 'broken'} Answer */

/** An audio element that plays whenever it is asked to. */
class Sound {
  constructor() {
    this.dataset = /** @type {Record<string, string>} */ ({});
    this.currentTime = 0;
    this.paused = true;
    this.src = '';
    this.volume = 1;
    this.heard = /** @type {Record<string, () => void>} */ ({});
  }
  /** @param {string} event @param {() => void} callback */
  addEventListener(event, callback) {
    this.heard[event] = callback;
  }
  play() {
    this.paused = false;
    return Promise.resolve();
  }
  pause() {
    this.paused = true;
  }
}

/**
 * @param {(path: string, body: any) => Answer | Promise<Answer>} network answers what is sent; `path` follows /sdk/
 */
function start(network) {
  /** @type {{path: string, body: any}[]} */
  const sent = [];
  /** @type {{event: string, value?: any}[]} */
  const events = [];
  /** @type {Map<number, any>} */
  const results = new Map();
  /** @type {Record<string, (event: any) => void>} */
  const listeners = {};
  const audio = new Sound();
  const port = {
    onmessage: /** @type {(event: any) => Promise<void>} */ (async () => {}),
    /** @param {any} message */
    postMessage(message) {
      if (message.call) results.set(message.call, message.value);
      else events.push(message);
      if (message.event === 'token_wanted' && page.tokens.length > 0)
        void port.onmessage({ data: { method: 'token', value: page.tokens.shift() } });
    },
  };
  const page = {
    audio,
    events,
    sent,
    /** Handed out, one for each time the player asks. @type {string[]} */
    tokens: [],
    /** @param {string} event */
    count: (event) => events.filter((one) => one.event === event).length,
    /** @param {string} method @param {any} [value] */
    async call(method, value) {
      const call = results.size + 1;
      results.set(call, undefined);
      await port.onmessage({ data: { call, method, value } });
      return results.get(call);
    },
    /** @param {() => boolean} wanted */
    async until(wanted) {
      for (let i = 0; i < 2000; i++) {
        if (wanted()) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.fail(`it never came; ${JSON.stringify(events)}`);
    },
  };
  vm.runInNewContext(source, {
    location: { pathname: '/sdk/embedded.html' },
    document: { querySelector: () => audio },
    navigator: { sendBeacon: () => true },
    Audio: Sound,
    DOMException,
    console,
    // Waiting takes no time.
    setTimeout: (/** @type {() => void} */ callback, /** @type {number} */ ms) =>
      ms >= 60_000 ? 0 : setImmediate(callback),
    /** @param {string} event @param {(event: any) => void} callback */
    addEventListener: (event, callback) => (listeners[event] = callback),
    /** @param {string} url @param {RequestInit} [options] */
    async fetch(url, options) {
      const path = url.replace(/^\/sdk\//, '');
      const body = options?.body ? JSON.parse(String(options.body)) : undefined;
      sent.push({ path, body });
      const answer = await network(path, body);
      if (answer === 'broken') throw new TypeError('Failed to fetch');
      const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
      return { status: answer.status, text: async () => text };
    },
  });
  listeners.message?.({ data: { emulator: 'open', name: 'Page', volume: 1 }, ports: [port] });
  return page;
}

const forever = () => new Promise(() => {});
const quiet = { status: 200, body: { version: 1, volume: 100, state: null } };

/**
 * Registers as d1, d2, …; the polls get the given answers, and then nothing any more.
 * @param {Answer[]} polls
 * @param {(path: string, body: any) => Answer | undefined} [other]
 */
function scripted(polls, other) {
  let devices = 0;
  return (/** @type {string} */ path, /** @type {any} */ body) => {
    const special = other?.(path, body);
    if (special) return special;
    if (path === 'devices') return { status: 200, body: { device_id: `d${++devices}` } };
    if (path.startsWith('events')) return polls.shift() ?? /** @type {Promise<Answer>} */ (forever());
    return { status: 204 };
  };
}

for (const [what, answer] of /** @type {[string, Answer][]} */ ([
  ['a broken connection', 'broken'],
  ['a server error', { status: 502, body: { error: { status: 502 } } }],
  ['an answer that is not JSON', { status: 200, text: '<html>' }],
]))
  test(`connecting over ${what} fails and can be tried again`, async () => {
    let bad = true;
    const page = start(scripted([], (path) => (path === 'devices' && bad ? answer : undefined)));

    assert.equal(await page.call('connect', 'token'), false);
    assert.equal(page.count('ready'), 0);
    bad = false;
    assert.equal(await page.call('connect', 'token'), true);
    assert.equal(page.count('ready'), 1);
  });

test('a refusal says why', async () => {
  const refusal = { status: 403, body: { event: 'account_error', message: 'Premium' } };
  const page = start(scripted([], (path) => (path === 'devices' ? refusal : undefined)));
  assert.equal(await page.call('connect', 'token'), false);
  assert.equal(page.count('account_error'), 1);
});

test('the first failed poll makes it not ready, the next good one ready again', async () => {
  const page = start(scripted(['broken', { status: 502 }, { status: 200, text: '[' }, quiet]));
  await page.call('connect', 'token');
  await page.until(() => page.count('ready') === 2);
  assert.equal(page.count('not_ready'), 1);
  assert.equal(page.count('token_wanted'), 0);
  assert.deepEqual(
    page.sent.filter(({ path }) => path === 'devices').map(({ body }) => body.token),
    ['token'],
  );
});

test('an ended token is asked for once, then the poll goes on', async () => {
  const page = start(scripted([quiet, { status: 401 }, quiet]));
  await page.call('connect', 'old');
  await page.until(() => page.count('token_wanted') === 1);
  const polls = () => page.sent.filter(({ path }) => path.startsWith('events')).length;
  assert.equal(polls(), 2);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(polls(), 2, 'it waits for the token');
  await page.call('token', 'new');
  await page.until(() => polls() === 4);
  assert.deepEqual(page.sent.find(({ path }) => path === 'devices/d1/token')?.body, { token: 'new' });
  assert.equal(page.count('token_wanted'), 1);
  assert.equal(page.count('authentication_error'), 0);
});

test('tokens that are refused again and again are an authentication error, once', async () => {
  let good = false;
  const page = start(
    scripted([{ status: 401 }, { status: 401 }, { status: 401 }, quiet], (path) =>
      path.endsWith('/token') && !good ? { status: 401 } : undefined,
    ),
  );
  page.tokens = ['a', 'b'];
  await page.call('connect', 'old');
  await page.until(() => page.count('token_wanted') === 3);
  assert.equal(page.count('authentication_error'), 1);
  good = true;
  await page.call('token', 'c');
  await page.until(() => page.count('ready') === 2);
});

test('a device that was forgotten registers again, with a token asked for now', async () => {
  let broken = true;
  const page = start(
    scripted([{ status: 404 }, quiet], (path, body) =>
      path === 'devices' && body.token === 'fresh' && broken ? ((broken = false), 'broken') : undefined,
    ),
  );
  page.tokens = ['fresh', 'fresher'];
  await page.call('connect', 'old');
  await page.until(() => page.count('ready') === 2);
  assert.equal(page.count('not_ready'), 1);
  assert.deepEqual(
    page.sent.filter(({ path }) => path === 'devices').map(({ body }) => body.token),
    ['old', 'fresh', 'fresher'],
  );
});

test('after an outage a harsh emulator gives another id', async () => {
  const page = start(scripted(['broken', { status: 200, body: { ...quiet.body, harsh: true } }, quiet]));
  page.tokens = ['fresh'];
  await page.call('connect', 'old');
  await page.until(() => page.count('ready') === 2);
  assert.deepEqual(
    page.events.filter(({ event }) => event === 'ready').map(({ value }) => value.device_id),
    ['d1', 'd2'],
  );
});

test('a second connect() takes the place of the first', async () => {
  const page = start(scripted([]));
  await page.call('connect', 'token');
  await page.call('connect', 'token');
  assert.ok(page.sent.some(({ path }) => path === 'devices/d1/gone'));
  assert.equal(page.count('ready'), 2);
});

test('the gate holds the sound back until it is opened', async () => {
  const track = { id: 't1' };
  const state = { paused: false, position: 0, track_window: { current_track: track, next_tracks: [] } };
  const plays = (/** @type {number} */ version) => ({ status: 200, body: { version, volume: 100, state } });
  /** @type {((answer: Answer) => void)[]} */
  const waiting = [];
  const page = start((path) => {
    if (path === 'devices') return { status: 200, body: { device_id: 'd1', gated: true } };
    if (path.startsWith('events')) return new Promise((resolve) => waiting.push(resolve));
    return { status: 204 };
  });
  await page.call('connect', 'token');
  await page.until(() => waiting.length === 1);
  waiting[0]?.(plays(2));
  await page.until(() => page.count('autoplay_failed') === 1);
  assert.ok(page.audio.paused);
  await page.call('activate');
  await page.until(() => waiting.length === 2);
  waiting[1]?.(plays(3));
  await page.until(() => !page.audio.paused);
  assert.equal(page.count('autoplay_failed'), 1);
});

test('a track that cannot be loaded is a playback error', async () => {
  const page = start(scripted([]));
  await page.call('connect', 'token');
  page.audio.heard.error?.();
  assert.equal(page.count('playback_error'), 1);
});

test('commands over a broken connection are answered all the same', async () => {
  const page = start(scripted([], (path) => (path.endsWith('/command') ? 'broken' : undefined)));
  await page.call('connect', 'token');
  assert.equal(await page.call('next'), undefined);
  assert.equal(await page.call('pause'), undefined);
});
