// Notices what goes wrong in the page. Until the core says where errors are reported a few are kept; report.js, which
// does the rest, is loaded only then.

/**
 * @typedef {object} Caught
 * @property {'error' | 'rejection' | 'policy' | 'core'} kind
 * @property {unknown} error whatever was thrown; for `policy` the directive and the origin that was refused
 * @property {number} at ms since 1970
 */

const most_kept = 5;

/** @type {Caught[]} */
let kept = [];
let lost = 0;
/** @type {((caught: Caught) => void) | undefined} */
let send;

/** @param {Caught['kind']} kind @param {unknown} error */
export function caught(kind, error) {
  const one = { kind, error, at: Date.now() };
  if (send) send(one);
  else if (kept.length < most_kept) kept.push(one);
  else lost += 1;
}

/** @param {string} uri an address or a keyword such as "inline" */
function origin_of(uri) {
  try {
    return new URL(uri).origin;
  } catch {
    return /^[a-z-]+$/.test(uri) ? uri : 'other';
  }
}

export function listen_errors() {
  addEventListener('error', ({ error, message }) => caught('error', error ?? message));
  addEventListener('unhandledrejection', ({ reason }) => caught('rejection', reason));
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    caught('policy', `${effectiveDirective} refused ${origin_of(blockedURI)}`),
  );
}

/** @returns {Promise<typeof import('./report.js')>} */
const load_report = () => import(REPORT_MODULE);

export const error_commands = (load = load_report) => ({
  /** @param {import('./protocol.js').CommandReportErrors} command */
  async report_errors({ dsn, environment }) {
    if (send) return;
    const { make_reporter } = await load();
    const { build = '' } = document.documentElement.dataset;
    send = make_reporter({ dsn, environment, release: `cadenza-client@${build}`, lost });
    for (const one of kept.splice(0)) send(one);
  },
});
