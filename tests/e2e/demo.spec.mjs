// The main path in demo mode: sign in, see the library, press play, like.

import { expect, ready, test, try_demo, unliked } from './fixtures.mjs';
import { audio, hear } from './sound.mjs';

test('a newcomer signs in to the demo without a form and sees the library', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Recently played' })).toBeVisible();
  await expect(page.locator('.row.track').first()).toBeVisible();
  await expect(page.locator('.rail-item a').first()).toBeVisible();
  await expect(page).toHaveTitle('Home · Cadenza');
});

test('every page has its heading, its title and its content', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  const rail = page.getByRole('navigation', { name: 'Main' });
  for (const [link, heading] of [
    ['Liked songs', 'Liked songs'],
    ['Playlists', 'Playlists'],
    ['Albums', 'Albums'],
    ['Artists', 'Artists'],
  ]) {
    await rail.getByRole('link', { name: link, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeFocused();
    await expect(page).toHaveTitle(`${heading} · Cadenza`);
    await expect(page.locator('main .row:not(.is-loading)').first()).toBeVisible();
  }
  await page.locator('main .row-title').first().click();
  await expect(page.getByText('Albums and singles')).toBeVisible();
  await page.locator('main .card-title').first().click();
  await expect(page).toHaveURL(/\/album\//);
  await expect(page.locator('main .row.track').first()).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/artist\//);
  await expect(page.getByText('Albums and singles')).toBeVisible();
  await page.locator('.rail-item a').first().click();
  await expect(page).toHaveURL(/\/playlist\//);
  await expect(page.locator('main .row.track').first()).toBeVisible();
  await page.getByRole('link', { name: /^Settings/ }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
});

test('search answers while one types, and its address leads back to it', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  const box = page.getByRole('searchbox', { name: 'Search' });
  await box.pressSequentially('harbour', { delay: 30 });
  await expect(page).toHaveURL(/\/search\?q=harbour$/);
  await expect(page.getByRole('heading', { name: 'Songs' })).toBeVisible();
  await expect(page.locator('main .row.track').first()).toContainText(/harbour/i);
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('harbour');
  await page.reload();
  await ready(page);
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('harbour');
  await expect(page.locator('main .row.track').first()).toBeVisible();
});

test('music plays soon after a click, and follows next, pause and seek', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  await page.locator('.rail-item a').first().click();
  const rows = page.locator('main .row.track');
  const player = page.getByRole('region', { name: 'Player' });
  await rows
    .first()
    .getByRole('button', { name: /^Play / })
    .click();
  const first = await hear(page);
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(rows.first()).toHaveClass(/is-playing/);

  await player.getByRole('button', { name: 'Next' }).click();
  await expect.poll(async () => (await audio(page)).src).not.toBe(first);
  await hear(page);

  await player.getByRole('slider', { name: 'Seek' }).fill('90000');
  await expect.poll(async () => (await audio(page)).time).toBeGreaterThan(85);

  await player.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(async () => (await audio(page)).paused).toBe(true);
  await player.getByRole('button', { name: 'Play', exact: true }).click();
  await hear(page);

  await player.getByRole('slider', { name: 'Volume' }).fill('30');
  await expect.poll(async () => (await audio(page)).volume).toBeCloseTo(0.3, 1);
});

test('while it plays here the player is not polled', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  await page.locator('.rail-item a').first().click();
  await page.locator('main .row-title').first().click();
  await hear(page);
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => {
    if (/\/api\/player$/.test(request.url())) asked.push(request.url());
  });
  const { time } = await audio(page);
  await expect.poll(async () => (await audio(page)).time).toBeGreaterThan(time + 3);
  expect(asked).toEqual([]);
});

test('playback moves to another device and back', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  await page.locator('.rail-item a').first().click();
  await page.locator('main .row-title').first().click();
  await hear(page);
  await page.getByRole('button', { name: 'Devices' }).click();
  const panel = page.getByRole('complementary', { name: 'Devices' });
  await panel.getByRole('button', { name: /Kitchen speaker/ }).click();
  await expect.poll(async () => (await audio(page)).paused).toBe(true);
  await expect(page.getByText('Playing on Kitchen speaker')).toBeVisible();
  await panel.getByRole('button', { name: /This browser/ }).click();
  await hear(page);
});

test('a liked song is found liked after a reload', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  await page.locator('.rail-item a').first().click();
  const { name, heart } = await unliked(page);
  const done = page.waitForResponse((response) => /\/api\/edits$/.test(response.url()));
  await heart.click();
  expect((await done).status()).toBe(204);
  await page.reload();
  await ready(page);
  const again = page.locator('main .row.track').getByRole('button', { name, exact: true }).first();
  await expect(again).toHaveAttribute('aria-pressed', 'true');
  await page.goto(`${demo.url}/library/tracks`);
  await expect(
    page.locator('main .row.track').getByRole('button', { name, exact: true }).first(),
  ).toBeVisible();
});

test('two thousand rows scroll with a few in the page', async ({ page, demo }) => {
  await try_demo(page, demo.url);
  await page.goto(`${demo.url}/library/tracks`);
  const rows = page.locator('main .row.track');
  await expect(rows.first()).toBeVisible();
  await page.locator('main').evaluate((pane) => pane.scrollTo(0, 1500 * 56));
  await expect(page.locator('#row-1500.track')).toBeVisible();
  expect(await page.locator('main .row').count()).toBeLessThan(80);
  await page.locator('#row-1500 .row-detail a').first().click();
  await expect(page).toHaveURL(/\/artist\//);
  await page.goBack();
  await expect(page.locator('#row-1500.track')).toBeInViewport();
});
