// Which addresses are pages of ours. The patterns come from C++ (shared/api/pages.hpp) at build time.

/**
 * @param {readonly string[]} patterns such as "/playlist/{id}"
 * @returns {(path: string) => boolean}
 */
export function page_matcher(patterns) {
  // A Spotify id is 22 base-62 characters.
  const parts = patterns.map((pattern) =>
    pattern.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{id\}/g, '[0-9A-Za-z]{22}'),
  );
  const expression = new RegExp(`^(?:${parts.join('|')})$`);
  return (path) => expression.test(path);
}
