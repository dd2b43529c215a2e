import assert from 'node:assert/strict';
import { test } from 'node:test';

import { by_id, open_page, recorder, until } from './page.mjs';

open_page('<h1 id="title">x</h1><div id="scrolled"></div>');
const { basic_commands } = await import('../../wasm-client/host/commands.js');

const request = { id: 7, method: 'GET', url: 'http://x/api/session', headers: [], timeout_ms: 1000 };

/** A fetch that waits until it is aborted. @type {any} */
const never = (/** @type {string} */ _, /** @type {RequestInit} */ { signal }) =>
  new Promise((__, reject) =>
    signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
  );

test('an answer carries id, status and text, whatever the status', async (t) => {
  const call = t.mock.method(globalThis, 'fetch', async () => new Response('{"a":1}', { status: 409 }));
  const { inputs, dispatch } = recorder();
  await basic_commands(dispatch).fetch({
    ...request,
    method: 'POST',
    headers: [{ name: 'X-Cadenza', value: '1' }],
    body: '{}',
  });
  assert.deepEqual(inputs, [{ answered: { id: 7, status: 409, body: '{"a":1}' } }]);
  const options = /** @type {any} */ (call.mock.calls[0]?.arguments[1]);
  assert.equal(options.credentials, 'include');
  assert.equal(options.redirect, 'error');
  assert.equal(options.body, '{}');
  assert.deepEqual(options.headers, [['X-Cadenza', '1']]);
});

test('a network error, a timeout and an abort are told apart', async (t) => {
  const fetching = t.mock.method(globalThis, 'fetch', async () => {
    throw new TypeError('no network');
  });
  const { inputs, dispatch } = recorder();
  const commands = basic_commands(dispatch);
  await commands.fetch(request);
  fetching.mock.mockImplementation(never);
  await commands.fetch({ ...request, id: 8, timeout_ms: 1 });
  const waiting = commands.fetch({ ...request, id: 9 });
  commands.abort({ id: 9 });
  await waiting;
  assert.deepEqual(
    inputs.map(({ answered }) => `${answered.id} ${answered.failure}`),
    ['7 network', '8 timeout', '9 aborted'],
  );
});

test('a body that stalls runs into the timeout too', async (t) => {
  t.mock.method(globalThis, 'fetch', async (/** @type {any} */ _, /** @type {any} */ { signal }) => {
    const body = new ReadableStream({
      start: (stream) => signal.addEventListener('abort', () => stream.error(new Error('aborted'))),
    });
    return new Response(body);
  });
  const { inputs, dispatch } = recorder();
  await basic_commands(dispatch).fetch({ ...request, timeout_ms: 1 });
  assert.equal(inputs[0].answered.failure, 'timeout');
});

test('a timer fires once, starts anew under the same name, and can be stopped', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { inputs, dispatch } = recorder();
  const commands = basic_commands(dispatch);
  commands.start_timer({ timer: 'a', after_ms: 100 });
  commands.start_timer({ timer: 'b', after_ms: 50 });
  t.mock.timers.tick(60);
  commands.start_timer({ timer: 'a', after_ms: 100 });
  t.mock.timers.tick(60);
  commands.start_timer({ timer: 'c', after_ms: 10 });
  commands.stop_timer({ timer: 'c' });
  t.mock.timers.tick(1000);
  assert.deepEqual(inputs, [{ timer_fired: { timer: 'b' } }, { timer_fired: { timer: 'a' } }]);
});

test('a timer beyond what browsers can count does not fire at once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { inputs, dispatch } = recorder();
  basic_commands(dispatch).start_timer({ timer: 'a', after_ms: 2 ** 31 - 1 });
  t.mock.timers.tick(1000);
  assert.deepEqual(inputs, []);
});

test('focus reaches a heading without putting it in the tab order', () => {
  basic_commands(recorder().dispatch).focus({ target: 'title' });
  assert.equal(document.activeElement, by_id('title'));
  assert.equal(by_id('title').tabIndex, -1);
});

test('announcements go to one polite region outside everything that is morphed', async () => {
  const commands = basic_commands(recorder().dispatch);
  commands.announce({ text: 'Playing' });
  await until(() => by_id('announcer')?.textContent === 'Playing');
  assert.equal(by_id('announcer').getAttribute('role'), 'status');
  assert.equal(by_id('announcer').parentElement, document.body);
});

test('only data attributes of the root can be set', () => {
  const commands = basic_commands(recorder().dispatch);
  commands.set_attribute({ name: 'data-theme', value: 'dark' });
  commands.set_attribute({ name: 'onclick', value: 'x' });
  assert.equal(document.documentElement.dataset.theme, 'dark');
  assert.equal(document.documentElement.hasAttribute('onclick'), false);
});
