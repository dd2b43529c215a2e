// What the service worker does with a request: a decision without side effects, so that tests can ask it.

/** @typedef {'shell' | 'precached' | 'asset' | 'cover' | 'network'} Route */

/**
 * @param {{method: string, mode: string, destination: string}} request
 * @param {URL} url
 * @param {object} site
 * @param {string} site.origin
 * @param {(path: string) => boolean} site.is_page the client's page table
 * @param {(url: string) => boolean} site.is_precached
 * @returns {Route} `network`: the worker leaves it to the browser
 */
export function route_of({ method, mode, destination }, url, { origin, is_page, is_precached }) {
  if (method !== 'GET' || !/^https?:$/.test(url.protocol)) return 'network';
  const here = url.origin === origin;
  // Personal, or decided by the server at every request. First, so that no later rule can catch them.
  if (here && /^\/(?:api|auth|_emulator)(?:\/|$)|^\/(?:config\.json|sw\.js)$/.test(url.pathname))
    return 'network';
  // Only pages of ours: an OAuth callback on whatever path must reach the server.
  if (mode === 'navigate') return here && is_page(url.pathname) ? 'shell' : 'network';
  if (here && is_precached(url.href)) return 'precached';
  if (here && url.pathname.startsWith('/assets/')) return 'asset';
  return destination === 'image' ? 'cover' : 'network';
}
