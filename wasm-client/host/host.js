// Between the core and the page: one call at a time, patches first, then commands.

import { apply_patches } from './dom.js';
import { caught } from './errors.js';

/** @typedef {import('./protocol.js').Input} Input */
/** @typedef {import('./protocol.js').CommandCases} CommandCases */
/** @typedef {{[K in keyof CommandCases]: (command: CommandCases[K]) => unknown}} Commands */

/** @param {string} name @param {unknown} error */
function command_failed(name, error) {
  console.error(name, error);
  caught('error', error);
}

export class Host {
  /** @type {((json: string) => string) | undefined} */
  #core;
  /** What happened before the core was there, or while a call is carried out. @type {Input[]} */
  #waiting = [];
  #busy = false;
  #stopped = false;
  /** @type {Partial<Commands>} */
  #commands = {};
  #after = () => {};
  #failed = (/** @type {unknown} */ error) => console.error(error);

  /**
   * @param {(json: string) => string} core
   * @param {{commands: Partial<Commands>, after: () => void, failed: (error: unknown) => void}} parts `after` runs when the
   *   page has changed, `failed` when the core has stopped
   */
  connect(core, { commands, after, failed }) {
    this.#core = core;
    this.#commands = commands;
    this.#after = after;
    this.#failed = failed;
  }

  /**
   * Gives the core an input and carries out its answer. Kept for later before the core is there.
   * @param {Input} input
   * @returns {{handled: boolean}} whether the core answered with anything
   */
  dispatch = (input) => {
    if (!this.#core || this.#busy) {
      if (!this.#stopped) this.#waiting.push(input);
      return { handled: false };
    }
    return { handled: this.#call(input) };
  };

  /** Starts the core with `started`, then plays back, once, what happened before. @param {import('./protocol.js').InputStarted} started */
  start(started) {
    const early = this.#waiting.splice(0);
    this.#call({ started });
    for (const input of early) this.dispatch(input);
  }

  /** @param {Input} input */
  #call(input) {
    if (!this.#core) return false;
    this.#busy = true;
    try {
      /** @type {import('./protocol.js').Reply} */
      const reply = JSON.parse(this.#core(JSON.stringify({ now: Date.now(), input })));
      apply_patches(reply.patches);
      if (reply.patches.length > 0) this.#after();
      for (const command of reply.commands) this.#carry_out(command);
      return reply.patches.length + reply.commands.length > 0;
    } catch (error) {
      this.#core = undefined;
      this.#stopped = true;
      this.#failed(error);
      return false;
    } finally {
      this.#busy = false;
      const next = this.#core && this.#waiting.shift();
      if (next) this.dispatch(next);
    }
  }

  /** @param {import('./protocol.js').Command} command */
  #carry_out(command) {
    for (const [name, content] of Object.entries(command)) {
      const run = /** @type {Record<string, (command: unknown) => unknown>} */ (this.#commands)[name];
      try {
        if (run) Promise.resolve(run(content)).catch((error) => command_failed(name, error));
        else console.error(`no such command: ${name}`);
      } catch (error) {
        command_failed(name, error);
      }
    }
  }
}
