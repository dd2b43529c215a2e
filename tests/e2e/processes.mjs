// Starts the real binaries and stops exactly those.

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { leaked, remember_settings } from '../support/secrets.mjs';

const bin = fileURLToPath(new URL('../../build/bin/', import.meta.url));

/**
 * A port that was free a moment ago. It has to be known before the start where an address names it. From below those
 * that the system takes for connections, or one of them would have it in the meantime.
 */
export async function free_port() {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const free = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

/**
 * @typedef {object} Running
 * @property {string} url what it says it listens on
 * @property {number} pid
 * @property {() => string} log everything it wrote to stderr
 * @property {() => Promise<number | null>} stop ends it and gives its exit code
 */

/**
 * @param {string} name of the binary
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<Running>}
 */
async function start(name, args, env) {
  const child = spawn(bin + name, args, {
    env: { ...base_environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
    const secret = name === 'cadenza-server' ? leaked(log) : undefined;
    if (secret) throw new Error(`a secret is in the log of ${name}: ${secret}`);
    return child.exitCode;
  };
  remember_settings(env);
  try {
    const url = await first_line(child.stdout, exited);
    return { url, pid: child.pid ?? 0, log: () => log, stop };
  } catch (error) {
    await stop();
    throw new Error(`${name} did not start: ${error}\n${log}`, { cause: error });
  }
}

/** Nothing of the caller's settings may leak in. */
function base_environment() {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}) };
}

/**
 * @param {import('node:stream').Readable} output
 * @param {Promise<unknown[]>} exited
 * @returns {Promise<string>} the address of "listening on <address>"
 */
function first_line(output, exited) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error('said nothing for 20 s')), 20_000);
    output.setEncoding('utf8').on('data', (piece) => {
      text += piece;
      const url = /listening on (\S+)\n/.exec(text)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
    exited.then(([code]) => (clearTimeout(timer), reject(new Error(`exit ${code}`))));
  });
}

/** @param {string[]} [args] */
export const start_emulator = (args = []) => start('spotify-emulator', ['--port', '0', ...args], {});

const server_defaults = {
  ADMIN_ADDR: '',
  LOG_LEVEL: 'warn',
  LOG_FORMAT: 'json',
  RATE_LIMIT: 'off',
  STATE_DIR: '', // nothing of a test is kept at home
};

/**
 * The server in demo mode: no credentials, its own emulator.
 * @param {Record<string, string>} [env]
 */
export const start_demo = (env = {}) =>
  start('cadenza-server', [], { ...server_defaults, PORT: '0', EMULATOR_PORT: '0', ...env });

/**
 * The server as somebody with a Spotify app runs it. Accounts are at localhost and the app at 127.0.0.1: other
 * sites, as in production, or mistakes with cookies stay hidden.
 * @param {string} emulator where the emulator listens
 * @param {Record<string, string>} [env]
 */
export async function start_server(emulator, env = {}) {
  const port = env.PORT ?? String(await free_port());
  const accounts = emulator.replace('127.0.0.1', 'localhost');
  return start('cadenza-server', [], {
    ...server_defaults,
    PORT: port,
    SPOTIFY_CLIENT_ID: 'cadenza-demo',
    SPOTIFY_CLIENT_SECRET: 'cadenza-demo-secret',
    SPOTIFY_REDIRECT_URI: `http://127.0.0.1:${port}/auth/callback`,
    SPOTIFY_ACCOUNTS_URL: `${accounts}/accounts`,
    SPOTIFY_API_URL: `${emulator}/v1`,
    SPOTIFY_SDK_URL: `${emulator}/sdk/spotify-player.js`,
    SPOTIFY_DAILY_BUDGET: '0',
    ...env,
  });
}
