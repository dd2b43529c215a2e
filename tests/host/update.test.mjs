import assert from 'node:assert/strict';
import { test } from 'node:test';

import { open_page, recorder, until } from './page.mjs';

const page = open_page();
// One kind of event only: Node's own targets refuse those of jsdom.
const Target = /** @type {typeof EventTarget} */ (/** @type {any} */ (page).EventTarget);

/** As much of a worker as the page sees. */
class Worker extends Target {
  /** @type {unknown[]} */
  messages = [];
  /** @param {string} state */
  constructor(state) {
    super();
    this.state = state;
  }
  postMessage = (/** @type {unknown} */ message) => void this.messages.push(message);
  /** @param {string} state */
  become(state) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

const registration = Object.assign(new Target(), {
  waiting: /** @type {Worker | null} */ (null),
  installing: /** @type {Worker | null} */ (null),
  active: null,
  updates: 0,
  update: async () => void registration.updates++,
});
const container = Object.assign(new Target(), {
  controller: /** @type {object | null} */ (null),
  options: /** @type {any} */ (undefined),
  register: async (/** @type {string} */ url, /** @type {object} */ options) => {
    container.options = { url, ...options };
    return registration;
  },
  getRegistration: async () => /** @type {any} */ (registration),
  ready: new Promise(() => {}),
});
let tabs = 1;
const locks = {
  request: async () => undefined,
  query: async () => ({ held: Array.from({ length: tabs }, () => ({ name: 'cadenza-tab' })) }),
};
Object.defineProperty(globalThis, 'navigator', { value: { serviceWorker: container, onLine: true, locks } });
let reloads = 0;
Object.defineProperty(globalThis, 'location', {
  value: { origin: 'http://x', href: 'http://x/', reload: () => reloads++ },
});
const every_hour = globalThis.setInterval;
globalThis.setInterval = /** @type {any} */ (() => 0);
const { take_waiting_version, update_commands, watch_for_updates } =
  await import('../../wasm-client/host/update.js');
const core = recorder();
await watch_for_updates(core.dispatch);
globalThis.setInterval = every_hour;

/** A new worker is found and installed. */
function install() {
  const worker = new Worker('installing');
  registration.installing = worker;
  registration.dispatchEvent(new Event('updatefound'));
  registration.waiting = worker;
  worker.become('installed');
  return worker;
}

test('the worker is registered past every HTTP cache', () => {
  assert.deepEqual(container.options, { url: '/sw.js', updateViaCache: 'none' });
});

test('the first worker is no update, and its takeover reloads nothing', () => {
  install();
  container.controller = {};
  container.dispatchEvent(new Event('controllerchange'));
  assert.deepEqual(core.inputs, []);
  assert.equal(reloads, 0);
});

test('a later one is, waits until it is let in, and then the page reloads once', async () => {
  const worker = install();
  assert.deepEqual(core.inputs.splice(0), [{ update_found: {} }]);
  assert.deepEqual(worker.messages, []);
  tabs = 2;
  await update_commands.apply_update({ only_tab: true });
  assert.deepEqual(worker.messages, []);
  await update_commands.apply_update({ only_tab: false });
  tabs = 1;
  assert.deepEqual(worker.messages, [{ type: 'SKIP_WAITING' }]);
  container.dispatchEvent(new Event('controllerchange'));
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(reloads, 1);
});

test('coming back to the page looks for a new version', async () => {
  const before = registration.updates;
  window.dispatchEvent(new window.Event('focus'));
  await until(() => registration.updates > before);
  assert.equal(registration.updates, before + 1);
});

test('at the start of the only tab a version that waits takes over', async () => {
  reloads = 0;
  const worker = install();
  const taken = take_waiting_version();
  await until(() => worker.messages.length > 0);
  assert.deepEqual(worker.messages, [{ type: 'SKIP_WAITING' }]);
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(await taken, true);
  assert.ok(reloads >= 1);
});

test('beside another tab it waits, and so it does where nothing controls the page', async () => {
  const worker = install();
  tabs = 2;
  assert.equal(await take_waiting_version(), false);
  tabs = 1;
  container.controller = null;
  assert.equal(await take_waiting_version(), false);
  assert.deepEqual(worker.messages, []);
});
