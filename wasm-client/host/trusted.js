// The two Trusted Types policies (design: CSP). All strings that become markup or a script's address pass here.

/** What was refused because it came from neither policy, for the doctor. */
export const refused = { html: 0, script: 0, script_url: 0 };

/** @type {Set<string>} */
const script_origins = new Set();

/**
 * @typedef {object} Rules
 * @property {(text: string) => string | null} createHTML
 * @property {(text: string) => string | null} createScriptURL
 * @property {(text: string) => string | null} [createScript]
 */

const factory = /** @type {{createPolicy: (name: string, rules: Rules) => any} | undefined} */ (
  /** @type {any} */ (globalThis).trustedTypes
);

/** @param {string} url */
const our_script = (url) => {
  const { origin, pathname } = new URL(url, location.href);
  if (origin === location.origin && pathname === '/sw.js') return url;
  return script_origins.has(origin) ? url : null;
};

const app_rules = { createHTML: (/** @type {string} */ markup) => markup, createScriptURL: our_script };
const app = factory ? factory.createPolicy('app', app_rules) : app_rules;

/**
 * For scripts that are not ours. The SDK may set script addresses on its own origin; null makes the browser
 * refuse the rest.
 */
factory?.createPolicy('default', {
  createHTML: () => (refused.html++, null),
  createScript: () => (refused.script++, null),
  createScriptURL(url) {
    if (script_origins.has(new URL(url, location.href).origin)) return url;
    refused.script_url++;
    return null;
  },
});

/**
 * The elements of `markup`, which the core has escaped by type.
 * @param {string} markup
 */
export function parse(markup) {
  const template = document.createElement('template');
  template.innerHTML = app.createHTML(markup);
  return template.content;
}

/**
 * @param {string} url
 * @returns {string} fit for script.src and serviceWorker.register; throws when it is neither ours nor allowed
 */
export function script_url(url) {
  const trusted = app.createScriptURL(url);
  if (trusted === null) throw new TypeError(`script address refused: ${url}`);
  return trusted;
}

/**
 * Lets scripts come from the origin of `url`.
 * @param {string} url
 */
export function allow_scripts_of(url) {
  script_origins.add(new URL(url, location.href).origin);
}
