// The main path against an emulator that is as awkward as Spotify may be.

import { expect, sign_in, test } from './fixtures.mjs';
import { start_emulator, start_server } from './processes.mjs';
import { audio, hear } from './sound.mjs';

test('sign in, play, next and like in harsh mode', async ({ page }) => {
  const emulator = await start_emulator(['--harsh']);
  const app = await start_server(emulator.url);
  try {
    await sign_in(page, app.url);
    await page.locator('.rail-item a').first().click();
    await page.locator('main .row-title').first().click();
    const first = await hear(page);
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Next' }).click();
    await expect.poll(async () => (await audio(page)).src).not.toBe(first);
    const heart = page.locator('main .row.track .like[aria-pressed=false]').first();
    const done = page.waitForResponse((response) => /\/api\/edits$/.test(response.url()));
    await heart.click();
    expect((await done).status()).toBe(204);
  } finally {
    await app.stop();
    await emulator.stop();
  }
});
