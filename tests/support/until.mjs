import { setTimeout } from 'node:timers/promises';

/**
 * Waits for a condition, and fails when it does not come about.
 * @param {string} what is waited for
 * @param {() => unknown} check
 * @param {number} [patience_ms]
 */
export async function until(what, check, patience_ms = 20_000) {
  const end = performance.now() + patience_ms;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await setTimeout(20);
  }
}
