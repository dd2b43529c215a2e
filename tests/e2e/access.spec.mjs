// For everybody: without a mouse, with a screen reader, on a phone, in both themes.

import AxeBuilder from '@axe-core/playwright';

import { expect, ready, test, try_demo } from './fixtures.mjs';
import { audio, hear } from './sound.mjs';

/** Addresses of one page of each kind. @param {import('@playwright/test').Page} page @param {string} url */
async function addresses(page, url) {
  const id = async (/** @type {string} */ path, /** @type {(body: any) => string} */ of) =>
    of(await page.evaluate(async (address) => (await fetch(address)).json(), path));
  const playlist = await id('/api/library/playlists', ({ items }) => items[0].id);
  const restricted = await id(
    '/api/library/playlists',
    ({ items }) => items.find((/** @type {any} */ { readable }) => !readable).id,
  );
  const album = await id('/api/library/albums', ({ items }) => items[0].album.id);
  const artist = await id('/api/library/artists', ({ items }) => items[0].id);
  return [
    '/',
    '/search?q=harbour',
    '/search?q=zzzzzz',
    '/library/tracks',
    '/library/playlists',
    '/library/albums',
    '/library/artists',
    `/playlist/${playlist}`,
    `/playlist/${restricted}`,
    `/album/${album}`,
    `/artist/${artist}`,
    '/settings',
  ].map((path) => url + path);
}

/** @param {import('@playwright/test').Page} page */
async function settled(page) {
  await ready(page);
  await expect(page.locator('main .skeleton, main[aria-busy=true]')).toHaveCount(0);
  await expect(page.locator('h1')).toHaveCount(1);
}

/** @param {import('@playwright/test').Page} page */
async function violations(page) {
  const { violations: found } = await new AxeBuilder({ page: /** @type {any} */ (page) }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
}

for (const scheme of /** @type {const} */ (['dark', 'light'])) {
  test(`axe finds nothing on any page, ${scheme}`, async ({ page, demo }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(demo.url);
    await ready(page);
    await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
    expect(await violations(page), 'welcome').toEqual([]);
    await try_demo(page, demo.url);
    for (const address of await addresses(page, demo.url)) {
      await page.goto(address);
      await settled(page);
      expect(await violations(page), address).toEqual([]);
    }
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page), 'dialog').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    for (const panel of ['Queue', 'Devices']) {
      await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: panel }).click();
      await expect(page.getByRole('complementary', { name: panel })).toBeVisible();
      expect(await violations(page), panel).toEqual([]);
    }
  });
}

test('at 390 px nothing scrolls sideways and everything can be reached', async ({ page, demo }) => {
  test.setTimeout(90_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await try_demo(page, demo.url);
  for (const address of await addresses(page, demo.url)) {
    await page.goto(address);
    await settled(page);
    const wider = await page.evaluate(() =>
      [...document.querySelectorAll('html, body, main, #rail, #bar, #top')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => `${element.tagName}#${element.id}`),
    );
    expect(wider, address).toEqual([]);
    await expect(
      page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }),
    ).toBeInViewport();
    await expect(page.getByRole('region', { name: 'Player' })).toBeInViewport();
  }
});

for (const width of [390, 700]) {
  test(`at ${width} px every control of the player can be reached`, async ({ page, demo }) => {
    await page.setViewportSize({ width, height: 844 });
    await try_demo(page, demo.url);
    await page.goto(`${demo.url}/library/tracks`);
    await page.locator('main .row-title').first().click();
    await hear(page);
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Now playing' }).click();
    const sheet = page.getByRole('complementary', { name: 'Now playing' });
    for (const name of [
      'Shuffle',
      'Previous',
      'Pause',
      'Next',
      'Repeat',
      'Mute',
      'Queue',
      'Devices',
      'Close',
    ])
      await expect(sheet.getByRole('button', { name, exact: true }), name).toBeVisible();
    for (const name of ['Seek', 'Volume'])
      await expect(sheet.getByRole('slider', { name }), name).toBeVisible();
    expect(await violations(page), 'sheet').toEqual([]);
    await sheet.getByRole('slider', { name: 'Seek' }).focus();
    await page.keyboard.press('PageUp');
    await expect.poll(async () => (await audio(page)).time).toBeGreaterThan(25);
    await sheet.getByRole('button', { name: 'Pause', exact: true }).click();
    await expect.poll(async () => (await audio(page)).paused).toBe(true);
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
  });
}

test('on a phone what can be done with a song is in a sheet', async ({ page, demo }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await try_demo(page, demo.url);
  await page.goto(`${demo.url}/library/tracks`);
  const row = page.locator('main .row.track').first();
  const more = row.getByRole('button', { name: /^More for / });
  const enqueue = row.getByRole('button', { name: /^Add .* to the queue$/ });
  await expect(enqueue).toBeHidden();
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(enqueue).toBeVisible();
  await expect(row.getByRole('link', { name: /^Open .* in Spotify$/ })).toBeVisible();
  expect(await violations(page), 'sheet').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(enqueue).toBeHidden();
  await expect(more).toBeFocused();
  await more.click();
  await enqueue.click();
  await expect(enqueue).toBeHidden();
});

test('panes keep the width they were given', async ({ page, demo }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await try_demo(page, demo.url);
  const rail = page.getByRole('navigation', { name: 'Main' });
  const wide = async () => Math.round((await rail.boundingBox())?.width ?? 0);
  const splitter = page.getByRole('separator', { name: 'Width of the library' });
  expect(await wide()).toBe(280);
  const box = await splitter.boundingBox();
  if (!box) throw new Error('no splitter');
  await page.mouse.move(box.x + 4, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 64, box.y + 210, { steps: 4 });
  await page.mouse.up();
  await expect.poll(wide).toBeGreaterThan(320);
  await splitter.focus();
  await page.keyboard.press('Enter');
  await expect.poll(wide).toBe(72);
  expect(await violations(page), 'narrow rail').toEqual([]);
  await page.reload();
  await ready(page);
  await expect.poll(wide).toBe(72);
  await page.getByRole('separator', { name: 'Width of the library' }).dblclick();
  await expect.poll(wide).toBe(280);
});

test('the keyboard alone is enough', async ({ page, demo }) => {
  await page.goto(demo.url);
  await ready(page);
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
  const tab_to = async (/** @type {import('@playwright/test').Locator} */ target, limit = 60) => {
    for (let i = 0; i < limit; i++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${target} was not reached with the Tab key`);
  };
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await tab_to(page.getByRole('button', { name: 'Try the demo' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();

  await tab_to(page.locator('.rail-item a').first());
  await page.keyboard.press('Enter');
  await expect(page.locator('h1#page-title')).toBeFocused();
  await expect(page.locator('main .row.track').first()).toBeVisible();
  await tab_to(page.locator('main .row-title').first());
  await page.keyboard.press('Enter');
  await hear(page);
  // Keys that work anywhere, outside fields and buttons.
  await page.locator('h1#page-title').focus();
  await page.keyboard.press('Space');
  await expect.poll(async () => (await audio(page)).paused).toBe(true);
  await page.keyboard.press('Space');
  await hear(page);
  const { time } = await audio(page);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await audio(page)).time).toBeGreaterThan(time + 20);
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { name: 'Devices' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toBeHidden();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused();
});
