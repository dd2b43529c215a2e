// A redis-server of a test's own, which keeps what it has.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Answering when this returns.
 * @param {string} folder where its socket and its append-only file are
 * @param {string[]} [options]
 */
export async function start_redis(folder, options = []) {
  const socket = join(folder, 'redis.sock');
  const place = ['--port', '0', '--unixsocket', socket, '--dir', folder];
  const child = spawn(
    'redis-server',
    [...place, '--appendonly', 'yes', '--appendfsync', 'always', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = once(child, 'exit');
  let said = '';
  for await (const piece of child.stdout) {
    said += piece;
    if (said.includes('ready to accept connections at')) break;
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  return { socket, stop };
}
