// The service worker from the page's side: new versions, and emptying the caches it fills.

import { script_url } from './trusted.js';

/** @typedef {import('./events.js').Dispatch} Dispatch */

const hour = 3_600_000;

/** @type {ServiceWorkerRegistration | undefined} */
let registration;

// Every tab of ours holds this lock for as long as it lives, shared with the others, so that they can be counted.
const tab_lock = 'cadenza-tab';

function hold_tab() {
  const until_left = () =>
    new Promise((resolve) => globalThis.addEventListener?.('pagehide', resolve, { once: true }));
  void navigator.locks?.request(tab_lock, { mode: 'shared' }, until_left);
}

async function is_only_tab() {
  if (!navigator.locks) return false;
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name === tab_lock).length <= 1;
}

/**
 * At the start of the only tab a version that waits takes over: nothing plays yet that it could interrupt. Put off, it
 * would otherwise wait for as long as the app stays installed, and with it a shell under the policy of its day.
 * @returns {Promise<boolean>} whether the page is about to be loaded anew
 */
export async function take_waiting_version() {
  hold_tab();
  const container = navigator.serviceWorker;
  if (!container?.controller) return false;
  const waiting = (await container.getRegistration())?.waiting;
  if (!waiting) return false;
  // The page that was here before this one may still be on its way out.
  let only = await is_only_tab();
  for (let i = 0; i < 20 && !only; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    only = await is_only_tab();
  }
  if (!only) return false;
  const taken_over = new Promise((resolve) => {
    container.addEventListener('controllerchange', () => resolve(true), { once: true });
    setTimeout(() => resolve(false), 1500); // then this version does for once more
  });
  waiting.postMessage({ type: 'SKIP_WAITING' });
  if (!(await taken_over)) return false;
  location.reload();
  return true;
}

/** Reloads once when a new version takes over. The first one to control this page is no new version. */
function reload_on_takeover() {
  let controlled = navigator.serviceWorker.controller !== null;
  let reloading = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (controlled && !reloading) {
      reloading = true;
      location.reload();
    }
    controlled = true;
  });
}

/** @param {Dispatch} dispatch */
export async function watch_for_updates(dispatch) {
  if (!('serviceWorker' in navigator)) return;
  reload_on_takeover();
  try {
    registration = await navigator.serviceWorker.register(script_url('/sw.js'), { updateViaCache: 'none' });
  } catch (error) {
    console.warn('no service worker:', error);
    return;
  }
  const found = registration;
  // A page that was on its way here while the worker started is nobody's.
  void navigator.serviceWorker.ready.then(({ active }) => {
    if (!navigator.serviceWorker.controller) active?.postMessage({ type: 'CLAIM' });
  });
  const tell_when_waiting = (/** @type {ServiceWorker | null} */ worker) => {
    const check = () => {
      if (worker?.state === 'installed' && navigator.serviceWorker.controller) dispatch({ update_found: {} });
    };
    worker?.addEventListener('statechange', check);
    check();
  };
  tell_when_waiting(found.waiting ?? found.installing);
  found.addEventListener('updatefound', () => tell_when_waiting(found.installing));

  // Installed on a home screen, browsers look for a new sw.js hardly ever by themselves.
  const look = () =>
    void (document.visibilityState === 'visible' && navigator.onLine && found.update().catch(() => {}));
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  setInterval(look, hour);
}

/**
 * Empties all caches but the precache. The worker forgets what it noted about them; without one there is nothing
 * to forget.
 */
export async function clear_caches() {
  const worker = (await globalThis.navigator?.serviceWorker?.getRegistration())?.active;
  if (worker) {
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      setTimeout(resolve, 1000); // a worker that was stopped on the way
      worker.postMessage({ type: 'WIPE' }, [port2]);
    });
  }
  if (!globalThis.caches) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !name.includes('-precache-')).map((name) => caches.delete(name)));
}

export const update_commands = {
  /** @param {import('./protocol.js').CommandApplyUpdate} command */
  async apply_update({ only_tab }) {
    if (only_tab && !(await is_only_tab())) return;
    if (registration?.waiting) registration.waiting.postMessage({ type: 'SKIP_WAITING' });
    else location.reload();
  },
};
