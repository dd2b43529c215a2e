// A steady load of signed-in requests over connections that are kept, each answer judged as the person would who asked.

import { Agent, request as ask } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

/**
 * fine: what was asked for, signed in as the same as before. logout: signed out, 401, or the cookie taken away. store_out: 503, the session
 * store does not answer. spotify_out: the problem of a Spotify that does not answer. error: all else, no answer too.
 * @typedef {'fine' | 'logout' | 'store_out' | 'spotify_out' | 'error'} Kind
 */

/**
 * @typedef {object} Answer
 * @property {Kind} kind
 * @property {string} what it was, for messages
 * @property {number} began by performance.now()
 * @property {number} ended
 */

/**
 * @param {import('node:http').IncomingMessage} answer
 * @param {string} body
 * @param {(account: string) => boolean} is_own
 * @returns {Kind}
 */
function judge(answer, body, is_own) {
  const cleared = (answer.headers['set-cookie'] ?? []).some((line) =>
    /^(__Host-)?sid.*Max-Age=0/i.test(line),
  );
  if (cleared || answer.statusCode === 401) return 'logout';
  const { authenticated, account, type = '' } = JSON.parse(body);
  if (answer.statusCode === 200) {
    if (authenticated === false) return 'logout';
    return !account || is_own(account) ? 'fine' : 'error';
  }
  if (type === '/problems/store_unavailable' && answer.headers['retry-after']) return 'store_out';
  return /^\/problems\/(upstream_unavailable|upstream_timeout|quota_cooldown)$/.test(type)
    ? 'spotify_out'
    : 'error';
}

/**
 * @typedef {object} Aim
 * @property {string} origin whose Host the requests name
 * @property {number[]} ports where servers of that origin listen; the clients spread over them
 * @property {string[]} cookies of the sessions, used in turn
 * @property {number} [clients] each with one connection and one request at a time
 * @property {number} [pause_ms] between two requests of a client
 * @property {number} [tracks_every] every how many requests one goes on to Spotify
 * @property {boolean} [once] each client asks one time, all together
 * @property {number} [patience_ms] an answer that takes longer is an error
 */

export class Load {
  /** @type {Answer[]} */
  answers = [];
  in_flight = 0;
  #count = 0;
  /** @type {Map<string, string>} the account of each cookie, as first told */
  #accounts = new Map();
  #stopped = false;
  /** @type {Promise<void>[]} */
  #clients;

  /** Begins at once. @param {Aim} aim */
  constructor({
    origin,
    ports,
    cookies,
    clients = 24,
    pause_ms = 75,
    tracks_every = 40,
    patience_ms = 35_000,
    once = false,
  }) {
    const { host } = new URL(origin);
    this.#clients = Array.from({ length: clients }, async (_, index) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const port = ports[index % ports.length] ?? 0;
      if (!once) await setTimeout((index * pause_ms) / clients); // evenly
      do {
        const count = ++this.#count;
        // Another page each time, or it would come from what the server keeps.
        const path =
          count % tracks_every === 0 ? `/api/library/tracks?limit=1&offset=${count % 1900}` : '/api/session';
        const headers = { host, cookie: cookies[count % cookies.length] ?? '' };
        await this.#ask({ host: '127.0.0.1', port, path, headers, agent }, patience_ms);
        if (!once) await setTimeout(pause_ms);
      } while (!once && !this.#stopped);
      agent.destroy();
    });
  }

  /** @param {import('node:http').RequestOptions} options @param {number} patience_ms */
  async #ask(options, patience_ms) {
    const began = performance.now();
    this.in_flight += 1;
    const { kind, what } = await this.#outcome(options, patience_ms);
    this.in_flight -= 1;
    this.answers.push({ kind, what: `${options.path}: ${what}`, began, ended: performance.now() });
  }

  /**
   * @param {import('node:http').RequestOptions} options
   * @param {number} patience_ms
   * @returns {Promise<{kind: Kind, what: string}>}
   */
  #outcome(options, patience_ms) {
    const cookie = /** @type {{cookie: string}} */ (options.headers).cookie;
    const is_own = (/** @type {string} */ account) => {
      if (!this.#accounts.has(cookie)) this.#accounts.set(cookie, account);
      return this.#accounts.get(cookie) === account;
    };
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(patience_ms);
      const fail = (/** @type {Error} */ error) => resolve({ kind: 'error', what: error.message });
      const request = ask({ ...options, signal }, (answer) => {
        text(answer)
          .then((body) =>
            resolve({
              kind: judge(answer, body, is_own),
              what: `${answer.statusCode} ${body.slice(0, 200)}`,
            }),
          )
          .catch(fail);
      });
      request.on('error', fail).end();
    });
  }

  /** @param {Kind} kind */
  of(kind) {
    return this.answers.filter((answer) => answer.kind === kind);
  }

  /** Begun after `time`, and not fine. @param {number} time */
  bad_after(time) {
    return this.answers.filter(({ kind, began }) => began > time && kind !== 'fine');
  }

  /** Milliseconds. */
  get longest() {
    return Math.max(...this.answers.map(({ began, ended }) => ended - began));
  }

  async stop() {
    this.#stopped = true;
    await this.done();
  }

  async done() {
    await Promise.all(this.#clients);
  }

  /** For the line of figures. */
  toString() {
    const counts = /** @type {Kind[]} */ (['store_out', 'spotify_out', 'error', 'logout'])
      .map((kind) => `${kind} ${this.of(kind).length}`)
      .join(', ');
    return `${this.answers.length} requests, ${counts}, longest ${Math.round(this.longest)} ms`;
  }
}

/** The first few that are there, for a message. @param {Answer[]} answers */
export const some = (answers) => [...new Set(answers.map(({ what }) => what))].slice(0, 5).join('\n');
