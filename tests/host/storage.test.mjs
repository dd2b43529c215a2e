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
const { put, read, read_backend, read_meta, storage_commands } =
  await import('../../wasm-client/host/storage.js');

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

test('the meta record is empty at first, and fields change one by one, whichever tab writes them', async () => {
  assert.equal(await read_meta(), '');
  const other = storage_commands(core.dispatch);
  await Promise.all([
    commands.store_meta({ value: '{"logout_pending":"a","theme":"dark"}' }),
    other.store_meta({ value: '{"theme":"light"}' }),
    commands.store_meta({ value: '{"volume":20}' }),
  ]);
  assert.deepEqual(JSON.parse(await read_meta()), { logout_pending: 'a', theme: 'light', volume: 20 });
});

test('a meta record that cannot be read is written anew', async () => {
  await put('cadenza-meta', 'meta', '{broken');
  await commands.store_meta({ value: '{"volume":30}' });
  assert.deepEqual(JSON.parse(await read_meta()), { volume: 30 });
});

/** @param {string} name */
const exists = async (name) => (await indexedDB.databases()).some((found) => found.name === name);

test('what waits for a database that another tab deletes is dropped, and does not make it anew', async () => {
  const waiting = commands.store_put({ database: 'cadenza-x', key: 'k', value: 'v' });
  commands.store_drop({ database: 'cadenza-x' });
  await waiting;
  assert.equal(await exists('cadenza-x'), false);
  await commands.store_put({ database: 'cadenza-x', key: 'k', value: 'since' });
  assert.equal(await read('cadenza-x', 'k'), 'since');

  // Heard from the browser first, because the database is open here.
  const deleted = new Promise((resolve) => (indexedDB.deleteDatabase('cadenza-x').onsuccess = resolve));
  const puts = Array.from({ length: 30 }, (_, i) =>
    commands.store_put({ database: 'cadenza-x', key: `late ${i}`, value: 'v' }),
  );
  await Promise.all([deleted, ...puts]);
  assert.equal(await read('cadenza-x', 'late 29'), undefined);
  await commands.wipe({ database: 'cadenza-x', everything: false });
});

test('a wipe drops what waits, and what is put after it stays', async () => {
  void commands.store_put({ database: 'cadenza-y', key: 'before', value: 'v' });
  void commands.wipe({ database: 'cadenza-y', everything: false });
  await commands.store_put({ database: 'cadenza-y', key: 'after', value: 'v' });
  assert.equal(await read('cadenza-y', 'before'), undefined);
  assert.equal(await read('cadenza-y', 'after'), 'v');
  await commands.wipe({ database: 'cadenza-y', everything: false });
});

test('what is too old goes: entries of this account, whole databases of others, never what waits', async (t) => {
  const now = Date.now();
  const clock = t.mock.method(Date, 'now', () => now - 1000);
  for (const database of ['cadenza-e', 'cadenza-old', 'cadenza-used'])
    await commands.store_put({ database, key: '/api/a', value: 'old' });
  await commands.store_put({ database: 'cadenza-e', key: 'outbox', value: 'edits' });
  clock.mock.restore();
  await commands.store_put({ database: 'cadenza-e', key: '/api/b', value: 'new' });
  await commands.store_put({ database: 'cadenza-used', key: '/api/b', value: 'new' });

  await commands.store_expire({ database: 'cadenza-e', prefix: '/api/', before: now });
  assert.equal(await read('cadenza-e', '/api/a'), undefined);
  assert.equal(await read('cadenza-e', '/api/b'), 'new');
  assert.equal(await read('cadenza-e', 'outbox'), 'edits');
  assert.equal(await exists('cadenza-old'), false);
  assert.equal(await read('cadenza-used', '/api/a'), 'old');
  assert.equal(await exists('cadenza-meta'), true);

  // Nobody is signed in: no database is made for them.
  await commands.store_expire({ database: '', prefix: '/api/', before: now + 60_000 });
  const left = (await indexedDB.databases()).map(({ name }) => name);
  assert.deepEqual(left, ['cadenza-meta']);
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

test('members of a list are added and removed one by one, whoever wrote the others', async () => {
  const list = { database: 'cadenza-m', key: 'outbox' };
  await commands.store_member({ ...list, id: '1', value: 'a' });
  await commands.store_member({ ...list, id: '2', value: 'b' });
  await commands.store_member({ ...list, id: '1', value: 'c' });
  await commands.store_member({ ...list, id: '3' });
  core.inputs.length = 0;
  await commands.store_get({ id: 9, ...list });
  const members = [
    { id: '2', value: 'b' },
    { id: '1', value: 'c' },
  ];
  assert.deepEqual(JSON.parse(core.inputs[0].stored.value), { members });
  await commands.store_member({ ...list, id: '2' });
  core.inputs.length = 0;
  await commands.store_get({ id: 9, ...list });
  assert.deepEqual(JSON.parse(core.inputs[0].stored.value), { members: members.slice(1) });
});
