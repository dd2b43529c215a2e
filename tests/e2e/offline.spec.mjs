// Without a network, with another server behind the same address, with a new version, and after sign-out.

import { readFile } from 'node:fs/promises';

import { expect, ready, test, try_demo } from './fixtures.mjs';
import { free_port, start_demo } from './processes.mjs';
import { hear } from './sound.mjs';

/** @param {import('@playwright/test').Page} page */
async function controlled(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

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
  await page.locator('.rail-item a').nth(2).click();
  const heart = page.locator('main .row.track .like[aria-pressed=false]').first();
  await expect(heart).toBeVisible();
  const name = (await heart.getAttribute('aria-label')) ?? '';
  const named = page.locator('main .row.track').getByRole('button', { name, exact: true }).first();
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
      const stores = (await caches.keys()).filter((name) => !name.includes('-precache-'));
      return { databases: databases.filter((name) => name !== 'cadenza-meta'), stores };
    });
  await expect.poll(left).toEqual({ databases: [], stores: [] });
  const session = await page.evaluate(async () => (await fetch('/api/session')).json());
  expect(session).toEqual({ authenticated: false });
  await page.reload();
  await ready(page);
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
});

test('restarted on the same port with other addresses, the cached shell still plays', async ({ page }) => {
  const port = String(await free_port());
  let demo = await start_demo({ PORT: port });
  await try_demo(page, demo.url);
  await controlled(page);
  await demo.stop();
  demo = await start_demo({ PORT: port });
  try {
    await page.reload();
    await ready(page);
    // The session went with the server; the library is still shown. The new worker waits until it is let in.
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
    });
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.waitForEvent('load');
    await ready(page);
    await page.getByRole('button', { name: 'Sign in' }).first().click();
    await page.getByRole('button', { name: 'Agree' }).click();
    await page.waitForURL((address) => address.origin === demo.url);
    await page.locator('.rail-item a').first().click();
    await page.locator('main .row-title').first().click();
    await hear(page);
  } finally {
    await demo.stop();
  }
});

test('a new version asks before it takes over', async ({ page, context, demo }) => {
  await try_demo(page, demo.url);
  await controlled(page);
  const worker = await (await fetch(`${demo.url}/sw.js`)).text();
  await context.route('**/sw.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `${worker}\n// a newer version\n` }),
  );
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  const prompt = page.getByText('A new version of Cadenza is ready.');
  // Chromium fetches a worker's script past the routes of a test, so the change comes from the server's side.
  if (!(await prompt.isVisible({ timeout: 2_000 }).catch(() => false)))
    test.info().annotations.push({ type: 'note', description: 'route not seen by the worker' });
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
