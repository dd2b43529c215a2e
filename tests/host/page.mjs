// A page for the host modules under Node: jsdom's window under the names the modules use.

import { JSDOM, VirtualConsole } from 'jsdom';

const names = [
  'addEventListener CSS document Document Element Event FormData getComputedStyle history HTMLElement',
  'HTMLAnchorElement HTMLFormElement HTMLImageElement HTMLInputElement HTMLSelectElement HTMLTextAreaElement',
  'HTMLTimeElement innerHeight InputEvent KeyboardEvent localStorage location matchMedia MouseEvent navigator Node window',
];

/** jsdom has no layout and no CSS.escape. */
const css = { escape: (/** @type {string} */ text) => text.replace(/[^\w-]/g, (c) => `\\${c}`) };

/**
 * Makes a page and puts its names in the global scope. Call it before importing host modules: they listen as they
 * are loaded.
 * @param {string} body
 */
export function open_page(body = '') {
  const { window } = new JSDOM(
    `<!doctype html><html data-state="shell" data-build="b1" data-shell="s1"><body>${body}</body></html>`,
    {
      url: 'http://127.0.0.1:8000/library/tracks?x=1',
      pretendToBeVisual: true,
      virtualConsole: new VirtualConsole(), // it says of every link that it cannot navigate
    },
  );
  Object.assign(window, { CSS: css });
  for (const name of names.join(' ').split(' ')) {
    const value = /** @type {any} */ (window)[name];
    const bound = /^[a-z]/.test(name) && typeof value === 'function' ? value.bind(window) : value;
    Object.defineProperty(globalThis, name, { value: bound, configurable: true, writable: true });
  }
  globalThis.requestAnimationFrame = (run) => window.requestAnimationFrame(run);
  return window;
}

/** @param {string} id @returns {any} */
export const by_id = (id) => document.getElementById(id);

/** Remembers what was dispatched. @param {boolean} handled what the core would answer */
export function recorder(handled = false) {
  /** @type {any[]} */
  const inputs = [];
  const dispatch = (/** @type {Record<string, object>} */ input) => (inputs.push(input), { handled });
  return { inputs, dispatch };
}

/** Waits until `done` is true, at most two seconds. @param {() => boolean} done */
export async function until(done) {
  for (const end = Date.now() + 2000; !done();) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
