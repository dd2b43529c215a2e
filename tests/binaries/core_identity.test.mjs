// The shell is drawn at build time by the native build of the code that the browser runs as WebAssembly. Both must
// draw the same, or the first patches would not fit the page.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { start_demo } from '../e2e/processes.mjs';
import { load_core } from '../../wasm-client/host/core.js';
import { Page } from './page.mjs';
import { run } from './run.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const site = `${root}build/site`;

/** @type {import('../e2e/processes.mjs').Running} */
let demo;
before(async () => {
  demo = await start_demo();
});
after(() => demo?.stop());

test("the site's shell is what the native build draws, region by region", async () => {
  const source = readFileSync(`${root}public/index.html`, 'utf8');
  const { code, out } = await run('cadenza-prerender', [], { input: source });
  assert.equal(code, 0);
  const body = (/** @type {string} */ html) => html.slice(html.indexOf('<body'));
  assert.equal(body(readFileSync(`${site}/index.html`, 'utf8')), body(out));
  const regions = [...source.matchAll(/<!--region:(\w+)-->/g)].map(([, id]) => id);
  assert.ok(regions.length >= 5);
  for (const id of regions) assert.match(out, new RegExp(`<[a-z]+ id="${id}"`));
});

/** The core's first input with everything empty: what is in it is the C++ struct's business. */
async function nothing_known() {
  const { $defs } = JSON.parse((await run('cadenza-prerender', ['--protocol'])).out);
  const fields = Object.entries($defs.InputStarted.properties);
  return Object.fromEntries(fields.map(([name, { type }]) => [name, type === 'boolean' ? false : '']));
}

/**
 * Lets the core of the built site talk to a server through one visit of each page.
 * @returns {Promise<{calls: string[], replies: string[]}>}
 */
async function visit() {
  const wasm = readdirSync(`${site}/assets`).find((name) => name.endsWith('.wasm'));
  const core = await load_core(readFileSync(`${site}/assets/${wasm}`));
  const page = new Page(demo.url);
  await page.navigate(await page.navigate(await page.navigate('/auth/login?demo=1&return_to=/')));

  /** @type {string[]} */
  const calls = [];
  /** @type {string[]} */
  const replies = [];
  let now = 1_790_000_000_000;
  /** @param {object} input */
  async function say(input) {
    now += 1000;
    calls.push(JSON.stringify({ now, input }));
    const reply = core(calls[calls.length - 1] ?? '');
    replies.push(reply);
    for (const { fetch, store_get } of JSON.parse(reply).commands) {
      if (store_get) await say({ stored: { id: store_get.id } });
      if (!fetch) continue;
      const answer = await page.fetch(fetch.url, { method: fetch.method, body: fetch.body });
      const body = await answer.text();
      await say({ answered: { id: fetch.id, status: answer.status, body } });
    }
  }
  await say({ started: { ...(await nothing_known()), address: '/', online: true, visible: true } });
  const playlists = await page.read('/api/library/playlists?limit=1');
  const addresses = ['/library/tracks', '/library/albums', '/library/artists', '/search?q=a', '/settings'];
  for (const address of [...addresses, `/playlist/${playlists.items[0].id}`]) {
    await say({ navigated: { address, history: false, scroll: 0 } });
  }
  await say({ network_changed: { online: false } });
  return { calls, replies };
}

test('the core of the site and its native build answer a whole visit alike', async () => {
  const { calls, replies } = await visit();
  const { code, out } = await run('cadenza-prerender', ['--answer'], { input: `${calls.join('\n')}\n` });
  assert.equal(code, 0);
  const native = out.trimEnd().split('\n');
  assert.equal(native.length, replies.length);
  for (const [i, reply] of replies.entries()) assert.equal(reply, native[i], calls[i]);

  const patches = replies.flatMap((reply) => JSON.parse(reply).patches);
  const morphed = new Set(patches.map(({ morph }) => morph?.target));
  for (const region of ['top', 'rail', 'main', 'bar'])
    assert.ok(morphed.has(region), `${region} never changed`);
  assert.ok(patches.some(({ fill }) => fill?.markup.length > 1000));
});
