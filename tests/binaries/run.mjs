// Runs one of the built programs to its end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../../build/bin/', import.meta.url));

/**
 * @param {string} name of the binary
 * @param {string[]} args
 * @param {{env?: Record<string, string>, input?: string}} [options] `env` is all it sees of the environment
 * @returns {Promise<{code: number | null, out: string, err: string}>}
 */
export async function run(name, args, { env = {}, input = '' } = {}) {
  const child = spawn(bin + name, args, { env, stdio: 'pipe' });
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
  child.stdin.on('error', () => {}); // it may end without having read
  child.stdin.end(input);
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  clearTimeout(patience);
  return { code, out, err };
}

/** @param {string[]} args @param {Record<string, string>} [env] */
export const server = (args, env = {}) => run('cadenza-server', args, { env });
