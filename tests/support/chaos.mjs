// A TCP proxy on 127.0.0.1 that makes the network between two programs as bad as a test wants it.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';

/**
 * @typedef {object} Weather
 * @property {number} [latency_ms] what is read is passed on so much later, in both directions
 * @property {number} [slice] bytes are passed on in pieces of that size
 * @property {boolean} [swallow_answers] requests arrive, what the server says does not: half-open
 * @property {boolean} [refuse] new connections are closed at once
 */

export class ChaosProxy {
  /** @type {Weather} from now on, on every connection */
  weather = {};
  port = 0;
  #server;
  /** @type {Set<import('node:net').Socket>} both ends of each connection */
  #sockets = new Set();

  /** @param {number} target port of the server */
  constructor(target) {
    this.#server = createServer({ noDelay: true }, (client) => {
      if (this.weather.refuse) {
        client.destroy();
        return;
      }
      const server = connect({ port: target, host: '127.0.0.1', noDelay: true });
      this.#join(client, server, false);
      this.#join(server, client, true);
    });
  }

  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    return this;
  }

  /**
   * @param {import('node:net').Socket} from
   * @param {import('node:net').Socket} to
   * @param {boolean} is_answer
   */
  #join(from, to, is_answer) {
    this.#sockets.add(from);
    let turn = Promise.resolve();
    from.on('data', (piece) => {
      const due = performance.now() + (this.weather.latency_ms ?? 0);
      turn = turn.then(() => this.#pass(piece, to, is_answer, due));
    });
    from.on('error', () => {}); // its end is enough
    from.on('close', () => {
      this.#sockets.delete(from);
      turn.then(() => to.destroy());
    });
  }

  /** @param {Buffer} piece @param {import('node:net').Socket} to @param {boolean} is_answer @param {number} due */
  async #pass(piece, to, is_answer, due) {
    const wait = due - performance.now();
    if (wait > 0) await setTimeout(wait);
    const { slice = piece.length, swallow_answers } = this.weather;
    if (is_answer && swallow_answers) return;
    for (let begin = 0; begin < piece.length && !to.destroyed; begin += slice) {
      if (begin > 0) await setImmediate();
      to.write(piece.subarray(begin, begin + slice));
    }
  }

  /** All connections end, orderly. */
  cut() {
    for (const socket of this.#sockets) socket.end();
  }

  /** All connections end by a reset. */
  reset() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop() {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }
}
