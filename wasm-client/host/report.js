// Reports errors to Sentry by its envelope protocol. Loaded only where a DSN is set. Nothing here throws, waits for a
// network, or is kept anywhere but in memory; what cannot be sent is dropped and counted.
// https://develop.sentry.dev/sdk/data-model/envelopes/

/** @typedef {import('./errors.js').Caught} Caught */

const most_a_minute = 5;
const most = 30;
const most_frames = 30;
const minute = 60_000;
const longest_limit = 24 * 60 * minute; // a slip of theirs must not silence us for good

/** What a browser or the core itself says carries no text of anybody; all else is only named by its type. */
const harmless = [
  /^(?:(?:Cannot|can't) (?:read|set) propert(?:y|ies) of (?:undefined|null)|Maximum call stack size exceeded)/,
  /^(?:[\w$.]+ is not (?:a function|defined|iterable|a constructor)|Invalid array length)/,
  /^(?:unreachable(?: executed)?|memory access out of bounds|integer overflow|null function or function signature mismatch)$/,
  /^(?:indirect call to null|table index is out of bounds|divide by zero|Failed to fetch)$/,
  /^the page names no core$|^core stopped with \d{1,3}(?=:|$)/,
  /^[a-z-]+ refused (?:[a-z-]+|https?:\/\/[\w.:[\]-]+)$/,
];

/**
 * The part of a message that is known to be the same for everyone; titles, names and what was typed may be in the rest.
 * @param {string} message
 */
export function scrub(message) {
  for (const pattern of harmless) {
    const found = pattern.exec(message)?.[0];
    if (found) return found.slice(0, 120);
  }
  return '[redacted]';
}

/** @typedef {{filename: string, function: string, lineno: number, colno: number, in_app: boolean}} Frame */

/**
 * Frames in files of ours, the oldest first as Sentry wants it; a file's name without its origin and query.
 * @param {unknown} stack as Chromium, Firefox and Safari write it
 * @param {string} origin
 * @returns {Frame[]}
 */
export function frames_of(stack, origin) {
  if (typeof stack !== 'string') return [];
  const out = [];
  // The length of a line is bounded so that a hostile stack costs nothing.
  for (const line of stack.split('\n', 60)) {
    const place = /(https?:\/\/[^\s()]+?)(?::wasm-function\[(\d+)\]:0x([0-9a-f]+)|:(\d+):(\d+))\)?$/.exec(
      line.slice(0, 500),
    );
    if (!place) continue;
    const [, url = '', wasm, offset, lineno, colno] = place;
    const path = URL.canParse(url) ? new URL(url) : undefined;
    if (path?.origin !== origin || !/^\/(?:assets\/[\w.-]+|sw\.js)$/.test(path.pathname)) continue;
    const name = /^\s*at (?:async |new )?([\w$.#<>]{1,80}) \(/.exec(line) ?? /^([\w$.#/<]{1,80})@/.exec(line);
    out.push({
      filename: `app://${path.pathname}`,
      function: wasm ? `wasm-function[${wasm}]` : (name?.[1] ?? '?'),
      lineno: Number(lineno ?? 1),
      colno: offset ? parseInt(offset, 16) : Number(colno),
      in_app: true,
    });
  }
  return out.slice(0, most_frames).reverse();
}

/** "https://key@host/path/project", which the server has checked. @param {string} dsn */
export function endpoint_of(dsn) {
  const { protocol, host, username, pathname } = new URL(dsn);
  const slash = pathname.lastIndexOf('/');
  const path = `${pathname.slice(0, slash)}/api/${pathname.slice(slash + 1)}/envelope/`;
  // In the address, as browsers do: a field of its own would cost a preflight.
  const query = `sentry_version=7&sentry_key=${username}&sentry_client=cadenza-client%2F1`;
  return `${protocol}//${host}${path}?${query}`;
}

/**
 * @param {Headers} headers
 * @param {number} status
 * @param {number} now ms
 * @returns {number} until when errors are not wanted, 0 when they are
 */
export function limited_until(headers, status, now) {
  const until = (/** @type {number} */ seconds) =>
    now + Math.min(seconds >= 0 ? Math.ceil(seconds * 1000) : minute, longest_limit);
  let out = 0;
  const limits = headers.get('X-Sentry-Rate-Limits');
  for (const quota of limits?.split(',') ?? []) {
    const [seconds = '', categories = ''] = quota.trim().split(':');
    const named = categories.split(';');
    if (categories === '' || named.includes('error'))
      out = Math.max(out, until(seconds === '' ? NaN : Number(seconds)));
  }
  if (status !== 429 || limits) return out;
  const after = headers.get('Retry-After') ?? '';
  const date = Date.parse(after);
  return until(
    /^\d/.test(after) || Number.isNaN(date) ? Number(after || NaN) : Math.max(0, date - now) / 1000,
  );
}

const new_id = () => crypto.randomUUID?.().replaceAll('-', '') ?? insecure_id();
/** Where randomUUID is missing: http on another address than loopback. */
const insecure_id = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const types =
  /^(?:(?:Aggregate|Eval|Range|Reference|Syntax|Type|URI|Runtime|Compile|Link)?Error|[A-Z]\w{2,30}Error)$/;

/**
 * @param {Caught} caught
 * @param {{release: string, environment: string}} build
 */
export function event_of({ kind, error, at }, { release, environment }) {
  const thrown = /** @type {{name?: unknown, message?: unknown, stack?: unknown}} */ (
    error && typeof error === 'object' ? error : { message: error }
  );
  const name = String(thrown.name ?? '');
  const type = kind === 'policy' ? 'SecurityPolicyViolation' : types.test(name) ? name : 'Error';
  const value = scrub(String(thrown.message ?? ''));
  const frames = frames_of(thrown.stack, location.origin);
  const { filename = '', lineno = 0, colno = 0 } = frames.at(-1) ?? {};
  return {
    event_id: new_id(),
    timestamp: at / 1000,
    platform: 'javascript',
    level: kind === 'core' ? 'fatal' : 'error',
    logger: 'cadenza-client',
    release,
    environment,
    fingerprint: [kind, type, value, `${filename}:${lineno}:${colno}`],
    tags: { kind },
    exception: {
      values: [
        {
          type,
          value,
          mechanism: { type: kind, handled: false },
          ...(frames.length > 0 ? { stacktrace: { frames } } : {}),
        },
      ],
    },
  };
}

/**
 * @param {ReturnType<typeof event_of>} event
 * @param {Map<string, number>} discarded by reason
 * @param {number} now
 */
export function envelope(event, discarded, now) {
  const sent_at = new Date(now).toISOString();
  const item = (/** @type {string} */ type, /** @type {object} */ content) => {
    const payload = JSON.stringify(content);
    return `${JSON.stringify({ type, length: new TextEncoder().encode(payload).length })}\n${payload}\n`;
  };
  const lost = [...discarded].map(([reason, quantity]) => ({ reason, category: 'error', quantity }));
  const report = { timestamp: now / 1000, discarded_events: lost };
  return (
    `${JSON.stringify({ event_id: event.event_id, sent_at })}\n` +
    item('event', event) +
    (lost.length > 0 ? item('client_report', report) : '')
  );
}

/**
 * @param {object} options
 * @param {string} options.dsn
 * @param {string} options.environment
 * @param {string} options.release
 * @param {number} options.lost how many there was no room for before this was loaded
 * @returns {(caught: Caught) => Promise<void>} never rejects
 */
export function make_reporter({ dsn, environment, release, lost }) {
  const url = endpoint_of(dsn);
  /** @type {Set<string>} */
  const seen = new Set();
  /** @type {number[]} */
  let recent = [];
  let silent_until = 0;
  /** @type {Map<string, number>} */
  let discarded = new Map(lost > 0 ? [['buffer_overflow', lost]] : []);
  const drop = (/** @type {string} */ reason, quantity = 1) =>
    void discarded.set(reason, (discarded.get(reason) ?? 0) + quantity);

  /** @param {number} now @returns {string} why nothing may be sent, empty when it may */
  function obstacle(now) {
    recent = recent.filter((at) => at > now - minute);
    if (now < silent_until) return 'ratelimit_backoff';
    if (!navigator.onLine) return 'network_error';
    return recent.length >= most_a_minute || seen.size >= most ? 'sample_rate' : '';
  }

  /** @param {string} body @param {Map<string, number>} reported */
  async function post(body, reported) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body, // text/plain, which needs no preflight either
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        redirect: 'error',
        keepalive: true,
      });
      silent_until = Math.max(silent_until, limited_until(response.headers, response.status, Date.now()));
      // What they refuse by a limit they count themselves.
      if (response.ok || response.status === 429) return;
      drop('send_error');
    } catch {
      drop('network_error');
    }
    for (const [reason, quantity] of reported) drop(reason, quantity);
  }

  return async (caught) => {
    try {
      const event = event_of(caught, { release, environment });
      const what = event.fingerprint.join('\n');
      if (event.fingerprint[2]?.endsWith(` refused ${new URL(url).origin}`) || seen.has(what)) return;
      const now = Date.now();
      const reason = obstacle(now);
      if (reason) return drop(reason);
      seen.add(what);
      recent.push(now);
      const reported = discarded;
      discarded = new Map();
      await post(envelope(event, reported, now), reported);
    } catch {
      // An error of ours in reporting errors must not be reported.
    }
  };
}
