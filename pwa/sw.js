// The service worker: which cache answers what. The decision itself is routing.js.
//
// The server appends one line to this file, self.cadenzaHeaders="<hash of the headers it sends>". A cached shell
// keeps the Content-Security-Policy it was cached with, so that hash is part of the shell's revision: a server
// that starts with other addresses makes browsers fetch the shell anew. It runs after everything here, so the
// list of what to keep is made when it is first needed, not at the top.

import { CacheableResponsePlugin } from 'workbox-cacheable-response';
import { setCacheNameDetails } from 'workbox-core';
import { CacheExpiration, ExpirationPlugin } from 'workbox-expiration';
import { PrecacheController } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';

import { page_matcher } from '../wasm-client/host/pages.js';
import { route_of } from './routing.js';

/** @typedef {{url: string, revision: string | null}} Entry */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** @type {Entry[]} The shell is '/', its revision the build. */
const built = self.__WB_MANIFEST;
const is_page = page_matcher(PAGE_PATTERNS);

setCacheNameDetails({ prefix: 'cadenza' });
const covers = 'cadenza-covers';
const cover_limits = { maxEntries: 600, maxAgeSeconds: 14 * 24 * 3600 };

/** @type {PrecacheController | undefined} */
let made;
function precache() {
  if (!made) {
    made = new PrecacheController();
    const headers = worker.cadenzaHeaders ?? '';
    made.addToCacheList(
      built.map(({ url, revision }) => ({
        url,
        revision: url === '/' ? `${revision}-${headers}` : revision,
      })),
    );
  }
  return made;
}

worker.addEventListener('install', (event) => void precache().install(event));
worker.addEventListener('activate', (event) => {
  void precache().activate(event);
  // So that covers are kept from the first visit on; the page tells a first controller from a new version.
  event.waitUntil(worker.clients.claim());
});

const site = {
  origin: location.origin,
  is_page,
  is_precached: (/** @type {string} */ url) => precache().getCacheKeyForURL(url) !== undefined,
};

/** @param {import('./routing.js').Route} wanted */
const is =
  (wanted) =>
  (/** @type {{request: Request, url: URL}} */ { request, url }) =>
    route_of(request, url, site) === wanted;

/** @param {string} url @param {ExtendableEvent} event */
function from_precache(url, event) {
  const controller = precache();
  const cacheKey = controller.getCacheKeyForURL(url);
  return controller.strategy.handle({ request: new Request(url), event, params: { cacheKey } });
}

registerRoute(is('shell'), ({ event }) => from_precache('/', event));
registerRoute(is('precached'), ({ request, event }) => from_precache(request.url, event));
// Files with a hash in their name that are not worth keeping for everyone: alphabets of the font.
registerRoute(
  is('asset'),
  new CacheFirst({
    cacheName: 'cadenza-assets',
    plugins: [new CacheableResponsePlugin({ statuses: [200] }), new ExpirationPlugin({ maxEntries: 30 })],
  }),
);

// Covers are shown by plain <img>, whose answers nobody may look into (and each of which would count as several
// megabytes). What is kept is a second, CORS answer with status 200. Where that is refused it is not tried again.
const expiration = new CacheExpiration(covers, cover_limits);
/** @type {Set<string>} */
const refusing = new Set();
let sign_outs = 0;

/** @param {URL} url @param {number} before how many sign-outs there were when the cover was asked for */
async function keep_cover({ href, origin }, before) {
  if (before !== sign_outs) return;
  try {
    const response = await fetch(href, { mode: 'cors', credentials: 'omit', cache: 'force-cache' });
    if (response.status !== 200) return;
    const cache = await caches.open(covers);
    if (before !== sign_outs) return; // signed out meanwhile
    await cache.put(href, response);
    await expiration.updateTimestamp(href);
    await expiration.expireEntries();
    if (before !== sign_outs) await wipe();
  } catch {
    refusing.add(origin);
  }
}

registerRoute(is('cover'), async ({ request, url, event }) => {
  const before = sign_outs;
  // A store that does not work must not cost a cover.
  const kept = await caches.match(url.href, { cacheName: covers }).catch(() => undefined);
  if (kept) return kept;
  const shown = await fetch(request);
  if (!refusing.has(url.origin)) event.waitUntil(keep_cover(url, before));
  return shown;
});

async function wipe() {
  sign_outs += 1;
  await expiration.delete();
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !name.includes('-precache-')).map((name) => caches.delete(name)));
}

worker.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') event.waitUntil(worker.skipWaiting());
  if (event.data?.type === 'CLAIM') event.waitUntil(worker.clients.claim());
  if (event.data?.type === 'WIPE') {
    event.waitUntil(wipe().finally(() => event.ports[0]?.postMessage('wiped')));
  }
});
