// Draws the PNG icons from public/icon.svg with Debian's Chromium. They are committed, so that building the site
// needs no browser; run this when the drawing changes:
//
//   node pwa/pictures.mjs

import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const background = '#0f1113';

/** A maskable icon may be cut to a circle of 80 % of its width: the drawing keeps inside it. */
const drawings = [
  { name: 'icon', sizes: [192, 512], share: 1, behind: 'transparent' },
  { name: 'maskable', sizes: [192, 512], share: 0.7, behind: background },
  { name: 'apple-touch', sizes: [180], share: 0.8, behind: background },
];

const drawing = await readFile(here('../public/icon.svg'));
const source = `data:image/svg+xml;base64,${drawing.toString('base64')}`;
await mkdir(here('icons'), { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();
for (const { name, sizes, share, behind } of drawings) {
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${behind}">
        <img src="${source}" width="${size * share}" height="${size * share}">`,
    );
    await page.locator('img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
    await page.screenshot({ path: here(`icons/${name}-${size}.png`), omitBackground: true });
  }
}
await browser.close();
