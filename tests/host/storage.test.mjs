import 'fake-indexeddb/auto';

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { open_page, recorder, until } from './page.mjs';

open_page();
/** @type {Map<string, boolean>} */
const cache_names = new Map();
Object.assign(globalThis, {
  caches: {
    keys: async () => [...cache_names.keys()],
    delete: async (/** @type {string} */ name) => cache_names.delete(name),
  },
});
const { read, read_backend, read_meta, storage_commands } = await import('../../wasm-client/host/storage.js');

const core = recorder();
const commands = storage_commands(core.dispatch);

test('what was put comes back, after the put even when asked at once', async () => {
  void commands.store_put({ database: 'cadenza-a', key: 'k', value: 'v' });
  await commands.store_get({ id: 1, database: 'cadenza-a', key: 'k' });
  await commands.store_get({ id: 2, database: 'cadenza-a', key: 'other' });
  assert.deepEqual(core.inputs, [{ stored: { id: 1, value: 'v' } }, { stored: { id: 2 } }]);
});

test('accounts do not see each other', async () => {
  await commands.store_put({ database: 'cadenza-a', key: 'k', value: 'v' });
  assert.equal(await read('cadenza-b', 'k'), undefined);
});

test('the meta record is empty at first and replaced as a whole', async () => {
  assert.equal(await read_meta(), '');
  await commands.store_meta({ value: 'one' });
  await commands.store_meta({ value: 'two' });
  assert.equal(await read_meta(), 'two');
});

test('the backend is what config.json says, and without it what it said last', async (t) => {
  const get = t.mock.method(globalThis, 'fetch', async () => Response.json({ backend: 'https://b.example' }));
  assert.equal(await read_backend(), 'https://b.example');
  get.mock.mockImplementation(async () => {
    throw new TypeError('offline');
  });
  assert.equal(await read_backend(), 'https://b.example');
});

test('a wipe deletes that account and every cache but the precache', async () => {
  for (const name of ['cadenza-covers', 'cadenza-precache-v2-http://x/']) cache_names.set(name, true);
  void commands.store_put({ database: 'cadenza-a', key: 'late', value: 'v' });
  await commands.store_put({ database: 'cadenza-b', key: 'k', value: 'kept' });
  await commands.wipe({ database: 'cadenza-a', everything: false });
  const names = (await indexedDB.databases()).map(({ name }) => name);
  assert.deepEqual(names.sort(), ['cadenza-b', 'cadenza-meta']);
  assert.deepEqual([...cache_names.keys()], ['cadenza-precache-v2-http://x/']);
  assert.equal(await read('cadenza-b', 'k'), 'kept');
});

test('a wipe of everything leaves no database of ours and none of others is touched', async () => {
  indexedDB.open('somebody-else').onsuccess = ({ target }) => /** @type {any} */ (target).result.close();
  let names = /** @type {(string | undefined)[]} */ ([]);
  await until(
    () => (
      indexedDB.databases().then((all) => (names = all.map(({ name }) => name))),
      names.includes('somebody-else')
    ),
  );
  await commands.wipe({ database: '', everything: true });
  assert.deepEqual(
    (await indexedDB.databases()).map(({ name }) => name),
    ['somebody-else'],
  );
});

test('another tab can delete a database that is open here', async () => {
  await commands.store_put({ database: 'cadenza-c', key: 'k', value: 'v' });
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('cadenza-c');
    request.onsuccess = resolve;
    request.onblocked = () => reject(new Error('blocked'));
  });
  assert.equal(await read('cadenza-c', 'k'), undefined);
});

test('where nothing can be kept, reading finds nothing and putting is only a warning', async (t) => {
  const warn = t.mock.method(console, 'warn', () => {});
  t.mock.method(indexedDB, 'open', () => {
    throw new Error('private mode');
  });
  await commands.store_put({ database: 'cadenza-d', key: 'k', value: 'v' });
  assert.equal(await read('cadenza-d', 'k'), undefined);
  assert.equal(warn.mock.callCount(), 1);
});
