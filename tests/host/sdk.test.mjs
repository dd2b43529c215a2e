import assert from 'node:assert/strict';
import { test } from 'node:test';

import { open_page, recorder, until } from './page.mjs';

open_page();
/** @type {Record<string, any>} */
const policies = {};
Object.assign(globalThis, {
  trustedTypes: {
    createPolicy: (/** @type {string} */ name, /** @type {any} */ rules) => (policies[name] = rules),
  },
});
const { refused } = await import('../../wasm-client/host/trusted.js');
const { sdk_commands } = await import('../../wasm-client/host/sdk.js');

/** The SDK as the page sees it. */
class Player {
  /** @type {Record<string, (detail: any) => void>} */
  listeners = {};
  /** @type {string[]} */
  calls = [];
  /** @param {any} options */
  constructor(options) {
    this.options = options;
    Player.last = this;
  }
  /** @type {any} */
  static last;
  addListener = (/** @type {string} */ name, /** @type {any} */ listener) =>
    (this.listeners[name] = listener);
  static connects = true;
  connect = async () => (this.calls.push('connect'), Player.connects);
  disconnect = () => this.calls.push('disconnect');
  seek = async (/** @type {number} */ ms) => this.calls.push(`seek ${ms}`);
  setVolume = async (/** @type {number} */ share) => this.calls.push(`volume ${share}`);
  pause = async () => {
    throw new Error('nothing plays');
  };
}

const core = recorder();
const commands = sdk_commands(core.dispatch);
const start = { url: 'https://sdk.example/player.js', name: 'Cadenza', volume: 40 };

test('the script is added from the address given, and a failure can be tried again', () => {
  commands.sdk_start(start);
  const script = /** @type {HTMLScriptElement} */ (document.querySelector('script'));
  assert.equal(script.src, start.url);
  script.onerror?.(new Event('error'));
  assert.deepEqual(core.inputs.splice(0), [{ sdk_signalled: { signal: 'load_failed', text: '' } }]);
  assert.equal(document.querySelector('script'), null);
});

test('scripts may come from the SDK and our worker only, and what is refused is counted', () => {
  const { app, default: fallback } = policies;
  assert.equal(fallback.createScriptURL('https://sdk.example/other.js'), 'https://sdk.example/other.js');
  assert.equal(fallback.createScriptURL('https://evil.example/x.js'), null);
  assert.equal(fallback.createHTML('<b>'), null);
  assert.deepEqual(refused, { html: 1, script: 0, script_url: 1 });
  assert.equal(app.createScriptURL('/sw.js'), '/sw.js');
  assert.equal(app.createScriptURL('/other.js'), null);
});

test('once the script has run a player is made and connected, and its events are passed on', () => {
  Object.assign(window, { Spotify: undefined });
  commands.sdk_start(start);
  Object.assign(window, { Spotify: { Player } });
  window.onSpotifyWebPlaybackSDKReady();
  assert.equal(Player.last.options.name, 'Cadenza');
  assert.equal(Player.last.options.volume, 0.4);
  assert.deepEqual(Player.last.calls, ['connect']);
  Player.last.listeners.ready({ device_id: 'd1' });
  Player.last.listeners.player_state_changed({ paused: true });
  Player.last.listeners.player_state_changed(null);
  Player.last.listeners.account_error({ message: 'premium' });
  assert.deepEqual(core.inputs.splice(0), [
    { sdk_signalled: { signal: 'loaded', text: '' } },
    { sdk_signalled: { signal: 'ready', text: 'd1' } },
    { sdk_state_changed: { state: '{"paused":true}' } },
    { sdk_state_changed: {} },
    { sdk_signalled: { signal: 'account_error', text: 'premium' } },
  ]);
});

test('a token is asked for and given to everyone who waits, once', () => {
  /** @type {string[]} */
  const given = [];
  Player.last.options.getOAuthToken((/** @type {string} */ token) => given.push(`a ${token}`));
  Player.last.options.getOAuthToken((/** @type {string} */ token) => given.push(`b ${token}`));
  assert.equal(core.inputs.splice(0).length, 2);
  commands.sdk_token({ access_token: 't' });
  commands.sdk_token({ access_token: 'u' });
  assert.deepEqual(given, ['a t', 'b t']);
});

test('calls reach the player in its units, and one that fails is no more than a note', async (t) => {
  const note = t.mock.method(console, 'debug', () => {});
  commands.sdk_call({ method: 'seek', value: 1500 });
  commands.sdk_call({ method: 'volume', value: 25 });
  commands.sdk_call({ method: 'pause', value: 0 });
  await until(() => note.mock.callCount() === 1);
  assert.deepEqual(Player.last.calls, ['connect', 'seek 1500', 'volume 0.25']);
});

test('a player that was replaced is not heard any more', () => {
  core.inputs.length = 0;
  const old = Player.last;
  commands.sdk_start(start);
  assert.notEqual(Player.last, old);
  assert.equal(old.calls.at(-1), 'disconnect');
  old.listeners.not_ready({ device_id: 'd1' });
  old.listeners.player_state_changed(null);
  old.listeners.account_error({ message: 'premium' });
  old.options.getOAuthToken(() => assert.fail('it needs none'));
  commands.sdk_token({ access_token: 't' });
  assert.deepEqual(core.inputs, []);
  Player.last.listeners.ready({ device_id: 'd2' });
  assert.deepEqual(core.inputs.splice(0), [{ sdk_signalled: { signal: 'ready', text: 'd2' } }]);
});

test('a script that comes after it was given up makes no second player', () => {
  Object.assign(window, { Spotify: undefined });
  commands.sdk_start(start);
  const late = /** @type {HTMLScriptElement} */ (document.querySelector('script:last-of-type'));
  commands.sdk_start(start);
  assert.equal(late.isConnected, false);
  late.onerror?.(new Event('error'));
  assert.deepEqual(core.inputs, []);
  const before = Player.last;
  Object.assign(window, { Spotify: { Player } });
  window.onSpotifyWebPlaybackSDKReady();
  const made = Player.last;
  assert.notEqual(made, before);
  window.onSpotifyWebPlaybackSDKReady();
  assert.equal(Player.last, made);
  assert.deepEqual(core.inputs.splice(0), [{ sdk_signalled: { signal: 'loaded', text: '' } }]);
});

test('a player that could not connect is said to have failed, and can be tried again', async () => {
  core.inputs.length = 0;
  Player.connects = false;
  commands.sdk_start(start);
  await until(() => core.inputs.length > 0);
  assert.deepEqual(core.inputs.splice(0), [{ sdk_signalled: { signal: 'load_failed', text: '' } }]);
  Player.connects = true;
  commands.sdk_start(start);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(core.inputs, []);
});
