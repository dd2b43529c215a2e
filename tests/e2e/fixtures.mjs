// What every end-to-end test starts from. `emulator` and `app` are started once a worker; `demo` too, and only
// where a test asks for it. Every page fails its test on a violation of the security policy or an error.

import { test as base, expect } from '@playwright/test';

import { start_demo, start_emulator, start_server } from './processes.mjs';

export { expect };

/** @typedef {import('./processes.mjs').Running} Running */

/**
 * @typedef {object} Emulator
 * @property {string} url
 * @property {(fault: object) => Promise<void>} fault
 * @property {() => Promise<void>} clear_faults
 * @property {(seconds: number) => Promise<void>} advance_clock
 * @property {() => Promise<void>} reset
 * @property {() => Promise<{method: string, path: string}[]>} requests
 */

/** The routes by which tests make trouble. @param {string} url @returns {Emulator} */
export function control(url) {
  const call = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {object} */ body,
  ) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      ...(body ? { headers, body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    url,
    fault: async (fault) => void (await call('POST', 'faults', fault)),
    clear_faults: async () => void (await call('DELETE', 'faults', /** @type {any} */ (undefined))),
    advance_clock: async (seconds) => void (await call('POST', 'clock', { advance_s: seconds })),
    reset: async () => void (await call('POST', 'reset', {})),
    requests: async () => (await call('GET', 'requests', /** @type {any} */ (undefined))).json(),
  };
}

/**
 * Collects what must not happen in a page. Call it before the first navigation.
 * @param {import('@playwright/test').BrowserContext} context
 * @returns {string[]}
 */
export function watch(context) {
  /** @type {string[]} */
  const troubles = [];
  context.on('weberror', (error) => troubles.push(`uncaught: ${error.error()}`));
  context.on('console', (message) => {
    // The browser itself reports every answer above 399, which tests provoke.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      troubles.push(`console: ${message.text()}`);
    }
  });
  // The service worker has a policy of its own, and a console of its own.
  context.on('serviceworker', (worker) =>
    worker.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        troubles.push(`service worker: ${message.text()}`);
    }),
  );
  return troubles;
}

const report_violations = () =>
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error(
      `policy violated: ${event.violatedDirective} by ${event.blockedURI} at ${event.sourceFile}`,
    ),
  );

/**
 * @typedef {object} Fixtures
 * @property {string[]} troubles what went wrong in the page so far; a test that expects some takes them out
 */

/**
 * @typedef {object} WorkerFixtures
 * @property {Emulator} emulator
 * @property {Running} app the server with the emulator as Spotify
 * @property {Running} demo the server without credentials
 */

/** @typedef {import('@playwright/test').PlaywrightTestArgs} TestArgs */
/** @typedef {import('@playwright/test').PlaywrightWorkerArgs} WorkerArgs */

/** @type {import('@playwright/test').Fixtures<Fixtures, WorkerFixtures, TestArgs, WorkerArgs>} */
const fixtures = {
  emulator: [
    async ({}, use) => {
      const running = await start_emulator();
      await use(control(running.url));
      await running.stop();
    },
    { scope: 'worker' },
  ],
  app: [
    async ({ emulator }, use) => {
      const running = await start_server(emulator.url);
      await use(running);
      expect(await running.stop()).toBe(0);
    },
    { scope: 'worker' },
  ],
  demo: [
    async ({}, use) => {
      const running = await start_demo();
      await use(running);
      expect(await running.stop()).toBe(0);
    },
    { scope: 'worker' },
  ],
  troubles: [
    async ({ context }, use) => {
      const troubles = watch(context);
      await context.addInitScript(report_violations);
      await use(troubles);
      expect(troubles).toEqual([]);
    },
    { auto: true },
  ],
};

export const test = base.extend(fixtures);

/** @param {import('@playwright/test').Page} page */
export const ready = (page) => expect(page.locator('html')).toHaveAttribute('data-state', 'ready');

/**
 * Through the accounts page, as a person would.
 * @param {import('@playwright/test').Page} page
 * @param {string} url of the app
 * @param {number} [user] which of the two on offer, from 1
 */
export async function sign_in(page, url, user = 1) {
  await page.goto(url);
  await ready(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('radio')
    .nth(user - 1)
    .check();
  await page.getByRole('button', { name: 'Agree' }).click();
  await page.waitForURL((address) => address.origin === new URL(url).origin);
  await ready(page);
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} url of the server in demo mode
 */
export async function try_demo(page, url) {
  // What the test before has liked, and what it has left playing, is not this one's.
  const { sdk_url } = await (await fetch(`${url}/api/config`)).json();
  await control(new URL(sdk_url).origin).reset();
  await page.goto(url);
  await ready(page);
  await page.getByRole('button', { name: 'Try the demo' }).click();
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeHidden();
  await ready(page);
}

/**
 * A song on this page that is not liked, once the page knows which are.
 * @param {import('@playwright/test').Page} page
 */
export async function unliked(page) {
  await expect(page.locator('main .row.track .like[aria-pressed=true]').first()).toBeVisible();
  const heart = page.locator('main .row.track .like[aria-pressed=false]').first();
  await expect(heart).toBeVisible();
  const name = (await heart.getAttribute('aria-label')) ?? '';
  return { name, heart: page.locator('main .row.track').getByRole('button', { name, exact: true }).first() };
}
