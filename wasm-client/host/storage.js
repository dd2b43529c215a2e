// IndexedDB: cadenza-meta with the one record the core wants back at the next start, and a database an account.

import { forget_widths } from './splitters.js';
import { clear_caches } from './update.js';

/** @typedef {import('./events.js').Dispatch} Dispatch */

const meta = 'cadenza-meta';
const kept = 'kept';

/** @type {Map<string, Promise<IDBDatabase>>} */
const open_databases = new Map();

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {string} name */
function database(name) {
  let opening = open_databases.get(name);
  if (!opening) {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(kept);
    opening = result(request).then((opened) => {
      const forget = () => open_databases.delete(name);
      opened.onclose = forget;
      opened.onversionchange = ({ newVersion }) => {
        if (newVersion === null) drop(name); // another tab deletes it
        forget();
        opened.close();
      };
      return opened;
    });
    opening.catch(() => open_databases.delete(name));
    open_databases.set(name, opening);
  }
  return opening;
}

/**
 * @param {string} name
 * @param {string} key
 * @returns {Promise<string | undefined>} undefined also when the database cannot be read
 */
export async function read(name, key) {
  try {
    const store = (await database(name)).transaction(kept).objectStore(kept);
    return (await result(store.get(key)))?.value;
  } catch {
    return undefined; // private mode, or the disk is full: the app works without
  }
}

/** Everything that changes a database, one after the other, so that a wipe comes after what was put before it. */
let writes = Promise.resolve();
/** @param {() => Promise<unknown>} change */
function write(change) {
  writes = writes.then(change).then(
    () => undefined,
    (error) => console.warn('not kept:', error),
  );
  return writes;
}

/** How often what waits for a database was dropped. @type {Map<string, number>} */
const drops = new Map();
/** @param {string} name */
const dropped = (name) => drops.get(name) ?? 0;
/** @param {string} name */
const drop = (name) => void drops.set(name, dropped(name) + 1);

/**
 * Puts what `change` makes of the value that is there, with nothing in between.
 * @type {(name: string, key: string, change: (old: string | undefined) => string) => Promise<void>}
 */
function put_changed(name, key, change) {
  const before = dropped(name);
  return write(async () => {
    if (dropped(name) !== before) return;
    const store = (await database(name)).transaction(kept, 'readwrite').objectStore(kept);
    const value = change((await result(store.get(key)))?.value);
    await result(store.put({ value, at: Date.now() }, key));
  });
}

/** @type {(name: string, key: string, value: string) => Promise<void>} */
export const put = (name, key, value) => put_changed(name, key, () => value);

/** @param {string | undefined} old @param {string} fields both JSON objects */
function merged(old, fields) {
  let record = {};
  try {
    record = JSON.parse(old ?? '{}');
  } catch {
    // Broken: what is written now is all there is.
  }
  return JSON.stringify({ ...record, ...JSON.parse(fields) });
}

/** @param {string | undefined} old @param {string} id @param {string | undefined} value */
function with_member(old, id, value) {
  /** @type {{id: string, value: string}[]} */
  let members = [];
  try {
    members = JSON.parse(old ?? '{"members":[]}').members.filter(
      (/** @type {{id: string}} */ one) => one.id !== id,
    );
  } catch {
    // Broken: what is written now is all there is.
  }
  if (value !== undefined) members.push({ id, value });
  return JSON.stringify({ members });
}

/** @param {string} name */
async function remove_database(name) {
  const opening = open_databases.get(name);
  open_databases.delete(name);
  (await opening?.catch(() => undefined))?.close();
  await result(indexedDB.deleteDatabase(name));
}

/** The databases of ours there are; none where the browser does not tell. */
async function our_databases() {
  const found = (await indexedDB.databases?.()) ?? [];
  return found.flatMap(({ name }) => (name?.startsWith('cadenza-') ? [name] : []));
}

/** @type {(name: string, everything: boolean) => Promise<void>} */
export function wipe(name, everything) {
  drop(name);
  if (everything) forget_widths();
  return write(async () => {
    // Each is tried even when another fails.
    const names = new Set(name === '' ? [] : [name]);
    if (everything) for (const found of [meta, ...(await our_databases())]) names.add(found);
    const outcomes = await Promise.allSettled([clear_caches(), ...[...names].map(remove_database)]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') console.warn('not wiped:', outcome.reason);
  });
}

/**
 * Visits every entry of a database whose key is in `range`.
 * @type {(name: string, range: IDBKeyRange | null, visit: (cursor: IDBCursorWithValue) => void) => Promise<void>}
 */
async function walk(name, range, visit) {
  const store = (await database(name)).transaction(kept, 'readwrite').objectStore(kept);
  const request = store.openCursor(range);
  await new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      if (!request.result) return resolve(undefined);
      visit(request.result);
      request.result.continue();
    };
  });
}

/** @param {string} name @param {number} before */
async function remove_unused(name, before) {
  let last = 0;
  await walk(name, null, ({ value }) => void (last = Math.max(last, value.at ?? 0)));
  if (last < before) await remove_database(name);
}

/** @type {(name: string, prefix: string, before: number) => Promise<void>} */
export const expire = (name, prefix, before) =>
  write(async () => {
    for (const found of await our_databases()) {
      if (found === meta) continue;
      if (found !== name) await remove_unused(found, before);
      else
        await walk(found, IDBKeyRange.bound(prefix, `${prefix}\uffff`), (cursor) => {
          if (!(cursor.value.at >= before)) cursor.delete();
        });
    }
  });

export const read_meta = async () => (await read(meta, 'meta')) ?? '';

/**
 * The backend's origin from config.json; what it said last when it cannot be had.
 * @returns {Promise<string>}
 */
export async function read_backend() {
  try {
    const response = await fetch('/config.json', { cache: 'no-cache', signal: AbortSignal.timeout(3000) });
    const { backend } = await response.json();
    if (typeof backend !== 'string') throw new TypeError('config.json: backend is no text');
    void put(meta, 'backend', backend);
    return backend;
  } catch {
    return (await read(meta, 'backend')) ?? '';
  }
}

/** @param {Dispatch} dispatch */
export const storage_commands = (dispatch) => ({
  /** @param {import('./protocol.js').CommandStoreGet} command */
  async store_get({ id, database: name, key }) {
    await writes;
    const value = await read(name, key);
    dispatch({ stored: value === undefined ? { id } : { id, value } });
  },
  /** @param {import('./protocol.js').CommandStorePut} command */
  store_put: ({ database: name, key, value }) => put(name, key, value),
  /** @param {import('./protocol.js').CommandStoreMember} command */
  store_member: ({ database: name, key, id, value }) =>
    put_changed(name, key, (old) => with_member(old, id, value)),
  /** @param {import('./protocol.js').CommandStoreMeta} command */
  store_meta: ({ value }) => put_changed(meta, 'meta', (old) => merged(old, value)),
  /** @param {import('./protocol.js').CommandStoreDrop} command */
  store_drop: ({ database: name }) => drop(name),
  /** @param {import('./protocol.js').CommandStoreExpire} command */
  store_expire: ({ database: name, prefix, before }) => expire(name, prefix, before),
  /** @param {import('./protocol.js').CommandWipe} command */
  wipe: ({ database: name, everything }) => wipe(name, everything),
});
