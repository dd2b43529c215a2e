// Makes the pictures of the manifest with Debian's Chromium. They are committed, so that building the site needs no
// browser; run this when the drawing or the look changes. Needs Debian's pngquant and optipng as well, which make them a
// third as large: the server keeps them in memory, and whoever installs the app fetches them.
//
//   node pwa/pictures.mjs icons               from public/icon.svg
//   node pwa/pictures.mjs screenshots URL     from a server in demo mode

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { chromium } from '@playwright/test';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const exec = promisify(execFile);
const background = '#0f1113';

/** @param {import('@playwright/test').Page} page @param {string} file @param {{omitBackground?: boolean}} [options] */
async function keep(page, file, options = {}) {
  await page.screenshot({ path: here(file), ...options });
  const colours = ['--quality=85-98', '--speed=1', '--strip', '--ext=.png', '--force'];
  await exec('pngquant', [...colours, here(file)]);
  await exec('optipng', ['-quiet', '-o5', here(file)]);
}

/** A maskable icon may be cut to a circle of 80 % of its width: the drawing keeps inside it. */
const drawings = [
  { name: 'icon', sizes: [192, 512], share: 1, behind: 'transparent' },
  { name: 'maskable', sizes: [192, 512], share: 0.7, behind: background },
  { name: 'apple-touch', sizes: [180], share: 0.8, behind: background },
];

/** @param {import('@playwright/test').Browser} browser */
async function draw_icons(browser) {
  const drawing = await readFile(here('../public/icon.svg'));
  const source = `data:image/svg+xml;base64,${drawing.toString('base64')}`;
  const page = await browser.newPage();
  for (const { name, sizes, share, behind } of drawings) {
    for (const size of sizes) {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(
        `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${behind}">
          <img src="${source}" width="${size * share}" height="${size * share}">`,
      );
      await page.locator('img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
      await keep(page, `icons/${name}-${size}.png`, { omitBackground: true });
    }
  }
}

const screens = [
  { name: 'wide', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  { name: 'narrow', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
];

/** @param {import('@playwright/test').Browser} browser @param {string} url */
async function take_screenshots(browser, url) {
  for (const { name, viewport, deviceScaleFactor } of screens) {
    const context = await browser.newContext({ viewport, deviceScaleFactor, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'Try the demo' }).click();
    await page.getByRole('heading', { name: 'Recently played' }).waitFor();
    await page.goto(new URL('/library/playlists', url).href);
    await page.locator('main a[href^="/playlist/"]').first().click();
    await page.locator('main .row-title').nth(1).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.mouse.move(0, 0);
    // The player keeps a request open, so the network is never idle: the covers on screen are what counts.
    await page.waitForFunction(() =>
      [...document.images].every(
        (image) =>
          image.complete ||
          image.offsetParent === null ||
          image.getBoundingClientRect().top > window.innerHeight,
      ),
    );
    await keep(page, `screenshots/${name}.png`);
    await context.close();
  }
}

const [what, url] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
if (what === 'icons') await draw_icons(browser);
else if (what === 'screenshots' && url) await take_screenshots(browser, url);
else console.error('usage: node pwa/pictures.mjs icons | screenshots URL');
await browser.close();
