// IndexedDB: cadenza-meta with the one record the core wants back at the next start, and a database an account.

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
      // Another tab deletes it.
      opened.onversionchange = () => (forget(), opened.close());
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
    const value = await result(store.get(key));
    return typeof value === 'string' ? value : undefined;
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

/** @type {(name: string, key: string, value: string) => Promise<void>} */
export const put = (name, key, value) =>
  write(async () => {
    const store = (await database(name)).transaction(kept, 'readwrite').objectStore(kept);
    await result(store.put(value, key));
  });

/** @param {string} name */
async function remove_database(name) {
  const opening = open_databases.get(name);
  open_databases.delete(name);
  (await opening?.catch(() => undefined))?.close();
  await result(indexedDB.deleteDatabase(name));
}

/** @type {(name: string, everything: boolean) => Promise<void>} */
export const wipe = (name, everything) =>
  write(async () => {
    // Each is tried even when another fails.
    const names = new Set(name === '' ? [] : [name]);
    if (everything) {
      names.add(meta);
      for (const found of (await indexedDB.databases?.()) ?? []) {
        if (found.name?.startsWith('cadenza-')) names.add(found.name);
      }
    }
    const outcomes = await Promise.allSettled([clear_caches(), ...[...names].map(remove_database)]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') console.warn('not wiped:', outcome.reason);
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
  /** @param {import('./protocol.js').CommandStoreMeta} command */
  store_meta: ({ value }) => put(meta, 'meta', value),
  /** @param {import('./protocol.js').CommandWipe} command */
  wipe: ({ database: name, everything }) => wipe(name, everything),
});
