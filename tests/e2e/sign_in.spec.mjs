// Signing in as with one's own Spotify app: accounts on another site, consent, and what can go wrong.

import { control, expect, ready, sign_in, test } from './fixtures.mjs';
import { start_emulator, start_server } from './processes.mjs';

test('sign-in through the consent page ends on the page it began at', async ({ page, app }) => {
  await page.goto(`${app.url}/library/albums`);
  await ready(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Agree' }).click();
  await expect(page).toHaveURL(`${app.url}/library/albums`);
  await expect(page.getByRole('heading', { level: 1, name: 'Albums' })).toBeVisible();
  const cookies = await page.context().cookies(app.url);
  expect(cookies.find(({ name }) => name === 'sid')).toMatchObject({
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
  });
  expect(cookies.filter(({ name }) => name.startsWith('login-'))).toEqual([]);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('whoever does not agree is told so and can try again', async ({ page, app }) => {
  await page.goto(app.url);
  await ready(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'You did not agree' })).toBeVisible();
  await expect(page).toHaveURL(`${app.url}/`);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('a callback that was not begun here signs nobody in', async ({ page, app }) => {
  await page.goto(`${app.url}/auth/callback?code=stolen&state=00000000forged`);
  await ready(page);
  await expect(page.getByRole('alert').filter({ hasText: 'not begun here' })).toBeVisible();
  expect((await page.context().cookies(app.url)).filter(({ name }) => name === 'sid')).toEqual([]);
});

test('a session that ends in mid-use keeps the library and asks to sign in', async ({ page, app }) => {
  await sign_in(page, app.url);
  await page.goto(`${app.url}/library/tracks`);
  await expect(page.locator('main .row.track').first()).toBeVisible();
  await page.context().clearCookies();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Albums' }).click();
  await expect(page.getByText('Sign in to continue').first()).toBeVisible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Liked songs' }).click();
  await expect(page.locator('main .row.track').first()).toBeVisible();
});

test('a grant that Spotify took back in mid-use is said, and the library stays', async ({ page }) => {
  const emulator = await start_emulator();
  const app = await start_server(emulator.url);
  try {
    await sign_in(page, app.url);
    await page.goto(`${app.url}/library/tracks`);
    await expect(page.locator('main .row.track').first()).toBeVisible();
    await control(emulator.url).fault({ fault: 'revoked_token', path: '/accounts/api/token', count: 10 });
    await control(emulator.url).advance_clock(2 * 3600);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Albums' }).click();
    await expect(page.getByText('Sign in to continue').first()).toBeVisible();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Liked songs' }).click();
    await expect(page.locator('main .row.track').first()).toBeVisible();
  } finally {
    await app.stop();
    await emulator.stop();
  }
});

test('signing in works on a redirect path of one’s own while the worker controls the page', async ({
  page,
}) => {
  const emulator = await start_emulator();
  const probe = await start_server(emulator.url);
  const port = new URL(probe.url).port;
  await probe.stop();
  const app = await start_server(emulator.url, {
    PORT: port,
    SPOTIFY_REDIRECT_URI: `http://127.0.0.1:${port}/callback`,
  });
  try {
    await page.goto(app.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await ready(page);
    expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await sign_in(page, app.url);
    await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  } finally {
    await app.stop();
    await emulator.stop();
  }
});

test('a tab that still shows another account changes nothing in the wrong library', async ({
  page,
  context,
}) => {
  const emulator = await start_emulator();
  const app = await start_server(emulator.url);
  const edits = async () =>
    (await (await fetch(`${emulator.url}/_emulator/requests`)).json()).filter(
      (/** @type {{method: string, path: string}} */ { method, path }) =>
        method !== 'GET' && path === '/v1/me/library',
    );
  const account = (/** @type {import('@playwright/test').Page} */ tab) =>
    tab.getByRole('link', { name: /^Settings, signed in as/ }).getAttribute('aria-label');
  try {
    // Deaf to the other tab's news, or there would be nothing to refuse.
    await page.addInitScript(() => {
      const deaf = { postMessage() {}, close() {}, addEventListener() {}, onmessage: null };
      Object.assign(window, {
        BroadcastChannel: function () {
          return deaf;
        },
      });
    });
    await sign_in(page, app.url, 1);
    await page.locator('.rail-item a').first().click();
    const heart = page.locator('main .row.track .like[aria-pressed=false]').first();
    await expect(heart).toBeVisible();

    const other = await context.newPage();
    await other.goto(`${app.url}/auth/login`);
    await other.getByRole('radio').nth(1).check();
    await other.getByRole('button', { name: 'Agree' }).click();
    await other.waitForURL((address) => address.origin === app.url);
    await ready(other);
    await expect(other.getByRole('link', { name: /^Settings, signed in as/ })).toBeVisible();
    const second = await account(other);
    expect(await account(page)).not.toBe(second);

    const answer = page.waitForResponse((response) => /\/api\/edits$/.test(response.url()));
    await heart.click();
    expect((await answer).status()).toBe(409);
    await expect.poll(() => account(page)).toBe(second);
    expect(await edits()).toEqual([]);
  } finally {
    await app.stop();
    await emulator.stop();
  }
});
