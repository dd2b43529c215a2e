import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { load_core } from '../../wasm-client/host/core.js';
import { site } from './site.mjs';

const module_bytes = () => {
  const name = readdirSync(`${site}/assets`).find((file) => file.endsWith('.wasm'));
  assert.ok(name, 'the built site has no core');
  return readFileSync(`${site}/assets/${name}`);
};

const started = {
  address: '/',
  online: true,
  visible: true,
  touch: false,
  shell: '',
  backend: '',
  meta: '',
};

test('the built core answers a start with patches and commands', async () => {
  const core = await load_core(module_bytes());
  const reply = JSON.parse(core(JSON.stringify({ now: 1_790_000_000_000, input: { started } })));
  assert.ok(Array.isArray(reply.patches));
  assert.ok(reply.commands.length > 0);
});

test('the built shell is the one the core begins with; any other is painted anew', async () => {
  const [, shell] = /data-shell="([^"]+)"/.exec(readFileSync(`${site}/index.html`, 'utf8')) ?? [];
  assert.ok(shell);
  /** @param {string} name */
  const painted = async (name) => {
    const core = await load_core(module_bytes());
    return JSON.parse(core(JSON.stringify({ now: 1, input: { started: { ...started, shell: name } } })))
      .patches;
  };
  assert.deepEqual(await painted(shell), []);
  assert.equal((await painted('another')).length, 7);
});

test('the core loads by streaming too, as in the page', async () => {
  const response = new Response(module_bytes(), { headers: { 'content-type': 'application/wasm' } });
  const core = await load_core(Promise.resolve(response));
  assert.match(core(JSON.stringify({ now: 1, input: { started } })), /^\{/);
});

test('long text in several scripts goes through unharmed while the memory grows', async () => {
  const core = await load_core(module_bytes());
  core(JSON.stringify({ now: 1, input: { started } }));
  const event = '日本語 é 🎵'.repeat(200_000);
  const reply = JSON.parse(core(JSON.stringify({ now: 2, input: { acted: { event } } })));
  assert.ok(Array.isArray(reply.patches));
});

test('the core needs nothing from the page but what the loader gives', async () => {
  const names = WebAssembly.Module.imports(await WebAssembly.compile(module_bytes())).map(({ name }) => name);
  const given = ['emscripten_notify_memory_growth', 'proc_exit', 'fd_close', 'fd_seek', 'fd_write'];
  assert.deepEqual(
    names.filter((name) => !given.includes(name)),
    [],
  );
});
