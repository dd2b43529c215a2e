import { expect, ready, test } from './fixtures.mjs';

test('the page is painted before the core is there, then becomes ready', async ({ page, demo }) => {
  // Held back until the shell was looked at.
  let release = () => {};
  const held = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(demo.url, { waitUntil: 'domcontentloaded' });
  await expect(page.locator('html')).toHaveAttribute('data-state', 'shell');
  await expect(page.getByRole('main')).toBeVisible();
  release();
  await ready(page);
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
});

test('the worker takes over and nothing personal is in its caches', async ({ page, demo }) => {
  await page.goto(demo.url);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const kept = await page.evaluate(async () => {
    /** @type {string[]} */
    const urls = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname);
    }
    return urls;
  });
  expect(kept).toContain('/');
  expect(kept.filter((path) => /^\/(?:api|auth|config\.json)/.test(path))).toEqual([]);
});
