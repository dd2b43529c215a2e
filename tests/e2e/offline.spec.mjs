// Without a network, with another server behind the same address, with a new version, and after sign-out.

import { readFile } from 'node:fs/promises';

import { expect, ready, test, try_demo, unliked } from './fixtures.mjs';
import { free_port, start_demo } from './processes.mjs';
import { hear } from './sound.mjs';

/** @param {import('@playwright/test').Page} page */
async function controlled(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

/** Where the covers and the SDK come from. @param {string} url */
const emulator_of = async (url) => new URL((await (await fetch(`${url}/api/config`)).json()).sdk_url).origin;

test('reloaded offline the library is there, with its age', async ({ page, context, demo }) => {
  await try_demo(page, demo.url);
  await controlled(page);
  await page.goto(`${demo.url}/library/tracks`);
  await expect(page.locator('main .row.track').first()).toBeVisible();
  const first = await page.locator('main .row-title').first().textContent();
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  await expect(page.locator('main .row-title').first()).toHaveText(first ?? '');
  await expect(page.getByText(/^Saved on this device/)).toBeVisible();
  await expect(page.getByText('You are offline.', { exact: false }).first()).toBeVisible();
  await expect(page.locator('.rail-item a').first()).toBeVisible();

  // What was never seen says so.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Artists' }).click();
  await expect(page.getByRole('heading', { name: 'Not on this device yet' })).toBeVisible();

  await context.setOffline(false);
  await expect(page.locator('main .row.entity').first()).toBeVisible();
  await expect(page.getByText(/^Saved on this device/)).toBeHidden();
});

test('a like without a network is sent when there is one again', async ({ page, context, demo }) => {
  await try_demo(page, demo.url);
  await page.locator('.rail-item a').first().click();
  const { heart: named } = await unliked(page);
  await context.setOffline(true);
  await expect(page.getByText('You are offline.', { exact: false }).first()).toBeVisible();
  await named.click();
  await expect(named).toHaveAttribute('aria-pressed', 'true');
  const sent = page.waitForResponse((response) => /\/api\/edits$/.test(response.url()));
  await context.setOffline(false);
  expect((await sent).status()).toBe(204);
});

test('sign-out leaves nothing of the library on the device', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  await controlled(page);
  await page.goto(`${demo.url}/library/tracks`);
  await expect(page.locator('main .row.track').first()).toBeVisible();
  await page.goto(`${demo.url}/settings`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
  const left = () =>
    page.evaluate(async () => {
      const databases = (await indexedDB.databases()).map(({ name }) => name);
      // The worker's own notes on covers: kept open, so emptied.
      const notes = await new Promise((resolve, reject) => {
        const opening = indexedDB.open('workbox-expiration');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const done = (/** @type {number} */ count) => (database.close(), resolve(count));
          if (!database.objectStoreNames.contains('cache-entries')) return done(0);
          const reading = database.transaction('cache-entries').objectStore('cache-entries').getAll();
          reading.onsuccess = () =>
            done(reading.result.filter(({ cacheName }) => cacheName === 'cadenza-covers').length);
        };
      });
      const stores = (await caches.keys()).filter((name) => !name.includes('-precache-'));
      return {
        databases: databases.filter((name) => !/^(cadenza-meta|workbox-expiration)$/.test(name ?? '')),
        notes,
        stores,
      };
    });
  await expect.poll(left).toEqual({ databases: [], notes: 0, stores: [] });
  const session = await page.evaluate(async () => (await fetch('/api/session')).json());
  expect(session).toEqual({ authenticated: false });
  await page.reload();
  await ready(page);
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
});

/** Reports when a new worker has been installed and waits. @param {import('@playwright/test').Page} page */
const new_version_waits = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const arriving = registration.installing;
    if (!registration.waiting && arriving)
      await new Promise((resolve) => arriving.addEventListener('statechange', resolve, { once: true }));
  });

test('restarted on the same port with other addresses, reload and play: the shell keeps no old policy', async ({
  page,
}) => {
  const port = String(await free_port());
  let demo = await start_demo({ PORT: port });
  const before = await emulator_of(demo.url);
  await try_demo(page, demo.url);
  await controlled(page);
  await demo.stop();
  demo = await start_demo({ PORT: port });
  try {
    expect(await emulator_of(demo.url)).not.toBe(before);
    await page.reload();
    await ready(page);
    // The session went with the server; the library is still shown.
    await expect(page.locator('.rail-item a').first()).toBeVisible();
    await new_version_waits(page);
    await page.getByRole('button', { name: 'Sign in' }).first().click();
    await page.getByRole('button', { name: 'Agree' }).click();
    await page.waitForURL((address) => address.origin === demo.url);
    await ready(page);
    await page.locator('.rail-item a').first().click();
    await page.locator('main .row-title').first().click();
    await hear(page);
  } finally {
    await demo.stop();
  }
});

test('a new version asks, interrupts nothing, and takes over when told to', async ({ page, context }) => {
  const port = String(await free_port());
  // The server's settings are part of the version: the same address, another policy.
  let demo = await start_demo({ PORT: port, EMULATOR_PORT: '0' });
  await try_demo(page, demo.url);
  await controlled(page);
  await page.locator('main .row-title').first().click();
  await hear(page);
  await demo.stop();
  demo = await start_demo({ PORT: port });
  try {
    await new_version_waits(page);
    const prompt = page.getByText('A new version of Cadenza is ready.');
    await expect(prompt).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
    await page.getByRole('button', { name: 'Later' }).click();
    await expect(prompt).toBeHidden();
    expect(await page.evaluate(() => document.documentElement.dataset.state)).toBe('ready');

    // A second tab keeps the version of the first and asks, too.
    const other = await context.newPage();
    await other.goto(demo.url);
    await ready(other);
    await expect(other.getByText('A new version of Cadenza is ready.')).toBeVisible();
    const loaded = Promise.all([page.waitForEvent('load'), other.waitForEvent('load')]);
    await other.getByRole('button', { name: 'Reload' }).click();
    await loaded;
    for (const tab of [page, other]) {
      await ready(tab);
      await expect(tab.getByText('A new version of Cadenza is ready.')).toBeHidden();
    }
  } finally {
    await demo.stop();
  }
});

test('put off, a new version takes over at a later start', async ({ page }) => {
  const port = String(await free_port());
  let demo = await start_demo({ PORT: port });
  await try_demo(page, demo.url);
  await controlled(page);
  // A player that could not load would let the new version in at once.
  await page.locator('main .row-title').first().click();
  await hear(page);
  await demo.stop();
  demo = await start_demo({ PORT: port });
  try {
    await new_version_waits(page);
    await page.getByRole('button', { name: 'Later' }).click();
    // Mostly the next one; the browser takes its time when the worker that is there still has something to do.
    await expect(async () => {
      await page.reload();
      await ready(page);
      const policy = await page.evaluate(async () =>
        (await fetch('/')).headers.get('content-security-policy'),
      );
      expect(policy).toContain(await emulator_of(demo.url));
    }).toPass({ timeout: 30_000 });
    await expect(page.getByText('A new version of Cadenza is ready.')).toBeHidden();
  } finally {
    await demo.stop();
  }
});

test('the manifest can be installed from', async ({ page, demo }) => {
  await page.goto(demo.url);
  const manifest = await page.evaluate(async () => (await fetch('/manifest.webmanifest')).json());
  expect(manifest).toMatchObject({ id: '/', start_url: '/', display: 'standalone' });
  for (const { src, sizes } of [...manifest.icons, ...manifest.screenshots]) {
    const [width] = sizes.split('x').map(Number);
    const png = Buffer.from(await (await fetch(`${demo.url}${src}`)).arrayBuffer());
    expect(png.readUInt32BE(16), src).toBe(width);
  }
  expect(await readFile(new URL('../../public/icons.svg', import.meta.url), 'utf8')).toContain(
    '<symbol id="play"',
  );
});
