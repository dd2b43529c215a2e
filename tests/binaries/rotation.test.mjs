// Keys are replaced by the steps of docs/operations.md, on two servers that share sessions in cookies behind a load
// balancer, by restarts and by SIGHUP, while people use them.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
import { Page } from './page.mjs';

/** @param {string} name */
const make_key = (name) => `${name}:${randomBytes(32).toString('base64')}`;

/** Gives each connection to the next of `ports`, which may change. @param {number[]} ports */
async function start_balancer(ports) {
  let turn = 0;
  const balancer = createServer((browser) => {
    const server = connect(ports[turn++ % ports.length] ?? 0, '127.0.0.1');
    for (const [from, to] of [
      [browser, server],
      [server, browser],
    ]) {
      from?.pipe(/** @type {import('node:net').Socket} */ (to));
      from?.on('error', () => to?.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (balancer.address());
  return { url: `http://127.0.0.1:${port}`, stop: () => balancer.close() };
}

/** Two servers on one address, each with a file of keys of its own. @param {string} first the first key */
async function start_pair(first) {
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-rotation-'));
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  const ports = [await free_port(), await free_port()];
  /** @type {number[]} */
  const serving = [...ports];
  const balancer = await start_balancer(serving);
  const files = ports.map((port) => join(folder, String(port)));
  const start = (/** @type {number} */ which) =>
    start_server(emulator.url, {
      PORT: String(ports[which]),
      SPOTIFY_REDIRECT_URI: `${balancer.url}/auth/callback`,
      SESSION_STORE: 'cookie',
      SESSION_KEYS_FILE: files[which] ?? '',
      REPLICAS: '2',
      LOG_LEVEL: 'info',
    });
  for (const file of files) await writeFile(file, first);
  const servers = [await start(0), await start(1)];
  const set_keys = (/** @type {number} */ which, /** @type {string[]} */ keys) =>
    writeFile(files[which] ?? '', keys.join(','));
  return {
    url: balancer.url,
    ports,
    /** As an operator does: out of the balancer, stop, start, in again. @param {string[]} keys */
    async roll(keys) {
      for (const which of [0, 1]) {
        await set_keys(which, keys);
        serving.splice(serving.indexOf(ports[which] ?? 0), 1);
        assert.equal(await servers[which]?.stop(), 0);
        servers[which] = await start(which);
        serving.push(ports[which] ?? 0);
      }
    },
    /** @param {number} which @param {string[]} keys @param {string} [event] that says it was done */
    async hang_up(which, keys, event = 'session_keys_loaded') {
      await set_keys(which, keys);
      const told = () => servers[which]?.log().split(`"event":"${event}"`).length ?? 0;
      const before = told();
      process.kill(servers[which]?.pid ?? 0, 'SIGHUP');
      for (const until = Date.now() + 10_000; told() === before; await setTimeout(10))
        assert.ok(Date.now() < until, `no ${event}`);
    },
    async stop() {
      balancer.stop();
      for (const server of servers) await server.stop();
      await emulator.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The next server each time. @param {Page} page */
async function is_signed_in(page) {
  const answer = await page.fetch('/api/session', { headers: { connection: 'close' } });
  assert.equal(answer.status, 200);
  return (await answer.json()).authenticated;
}

/** Asks until it is told to stop, and is never signed out. @param {Page} page */
function use(page) {
  let over = false;
  let times = 0;
  const ended = (async () => {
    for (; !over; ++times) assert.equal(await is_signed_in(page), true, `the ${times + 1}. time`);
    return times;
  })();
  ended.catch(() => {}); // told by stop()
  return {
    stop: () => {
      over = true;
      return ended;
    },
  };
}

/** On both servers. @param {Page} page @param {boolean} expected */
async function check_both(page, expected) {
  for (let i = 0; i < 4; ++i) assert.equal(await is_signed_in(page), expected);
}

/** As far as Spotify's page, and the rest of it later. @param {Page} page */
async function begin_sign_in(page) {
  const accounts = await page.navigate('/auth/login?return_to=/library/tracks');
  return async () => {
    const agreed = await fetch(accounts, { redirect: 'manual' });
    return page.navigate(agreed.headers.get('location') ?? '');
  };
}

test('keys are replaced by restarts, one server after the other, and nobody is signed out', async () => {
  const [old_key, new_key] = [make_key('k1'), make_key('k2')];
  const pair = await start_pair(old_key);
  try {
    const [listener, absent, newcomer] = [new Page(pair.url), new Page(pair.url), new Page(pair.url)];
    await listener.sign_in();
    await absent.sign_in();
    const using = use(listener);
    await pair.roll([old_key, new_key]);
    assert.ok(await is_signed_in(absent));
    const sealed_before = listener.cookies;
    const finish = await begin_sign_in(newcomer);
    await pair.roll([new_key, old_key]);
    assert.equal(await finish(), `${pair.url}/library/tracks`, 'a sign-in that was under way');
    await check_both(newcomer, true);
    assert.match(sealed_before, /k1\./);
    assert.match(listener.cookies, /k2\./);
    await pair.roll([new_key]);
    assert.ok((await using.stop()) > 20);
    await check_both(listener, true);
    // Who was not seen since the new key came first; after SESSION_IDLE that is nobody.
    await check_both(absent, false);
  } finally {
    await pair.stop();
  }
});

test('keys are replaced by SIGHUP, which no connection notices', async () => {
  const [old_key, new_key] = [make_key('k1'), make_key('k2')];
  const pair = await start_pair(old_key);
  try {
    const page = new Page(pair.url);
    await page.sign_in();
    const using = use(page);
    for (const which of [0, 1]) await pair.hang_up(which, [old_key, new_key]);
    await pair.hang_up(0, ['k3:tooshort'], 'session_keys_kept');
    for (const which of [0, 1]) await pair.hang_up(which, [new_key, old_key]);
    await check_both(page, true);
    for (const which of [0, 1]) await pair.hang_up(which, [new_key]);
    await using.stop();
    await check_both(page, true);
  } finally {
    await pair.stop();
  }
});

test('a key that comes first before all know it signs out at the others, until they do', async () => {
  const [old_key, new_key] = [make_key('k1'), make_key('k2')];
  const pair = await start_pair(old_key);
  try {
    const page = new Page(pair.url);
    await page.sign_in();
    await pair.hang_up(0, [new_key, old_key]);
    for (let i = 0; i < 2 && !/k2\./.test(page.cookies); ++i) await is_signed_in(page);
    const seen = [await is_signed_in(page), await is_signed_in(page)];
    assert.deepEqual(seen.sort(), [false, true]);
    await pair.hang_up(1, [new_key, old_key]);
    await check_both(page, true);
  } finally {
    await pair.stop();
  }
});
