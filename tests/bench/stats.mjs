// What a handful of rounds says.

/** @param {number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** @param {number[]} values */
export const summarize = (values) => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
});

/**
 * How many times `ours` is what `theirs` is, round by round: what slows the machine down for a while slows both.
 * @param {number[]} ours one value a round
 * @param {number[]} theirs of the same rounds
 */
export function ratio(ours, theirs) {
  if (ours.length !== theirs.length) throw new Error('rounds without a pair');
  return summarize(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}

/**
 * Requests, and requests a second, from what wrk printed. An answer that is no 2xx or did not come makes the
 * figure void.
 * @param {string} output
 */
export function read_wrk(output) {
  const failed = /Non-2xx.*|Socket errors:.*/.exec(output)?.[0];
  if (failed) throw new Error(`wrk: ${failed}`);
  const rate = /^Requests\/sec:\s+([\d.]+)$/m.exec(output)?.[1];
  const requests = /^\s+(\d+) requests in /m.exec(output)?.[1];
  if (!rate || !requests) throw new Error(`wrk printed no rate:\n${output}`);
  return { rate: Number(rate), requests: Number(requests) };
}
