// Listens: what the player's iframe really plays.

import { expect } from '@playwright/test';

/** @param {import('@playwright/test').Page} page */
const frame_of = (page) => page.frames().find((frame) => /\/sdk\/embedded/.test(frame.url()));

/** @param {import('@playwright/test').Page} page */
export async function audio(page) {
  const frame = frame_of(page);
  if (!frame) return { src: '', time: 0, paused: true, muted: true, volume: 0 };
  return frame.locator('audio').evaluate((element) => {
    const audio = /** @type {HTMLAudioElement} */ (element);
    const { currentSrc: src, currentTime: time, paused, muted, volume } = audio;
    return { src, time, paused, muted, volume };
  });
}

/**
 * The audio clock moves, and what is there to be heard is not silence.
 * @param {import('@playwright/test').Page} page
 */
export async function hear(page) {
  await expect.poll(async () => (await audio(page)).paused).toBe(false);
  const { time: before, src } = await audio(page);
  await expect.poll(async () => (await audio(page)).time).toBeGreaterThan(before + 0.5);
  const { time, volume, muted } = await audio(page);
  expect(volume).toBeGreaterThan(0);
  expect(muted).toBe(false);
  expect(await loudness(src, time)).toBeGreaterThan(100);
  return src;
}

/**
 * Root mean square of one second of a WAV file of 16-bit samples, of 32,767 at the most.
 * @param {string} src @param {number} at seconds
 */
async function loudness(src, at) {
  const head = new DataView(await (await fetch(src, { headers: { range: 'bytes=0-43' } })).arrayBuffer());
  const bytes_per_second = head.getUint32(28, true);
  const from = 44 + Math.floor(at) * bytes_per_second;
  const range = `bytes=${from}-${from + bytes_per_second - 1}`;
  const response = await fetch(src, { headers: { range } });
  expect(response.status).toBe(206);
  const samples = new Int16Array(await response.arrayBuffer());
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
