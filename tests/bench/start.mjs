// From starting the program to its first answer, and what stands in memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

import { free_port, start_server } from '../e2e/processes.mjs';
import { memory_of } from './processes.mjs';

const server = fileURLToPath(new URL('../../build/bin/cadenza-server', import.meta.url));

/** Whether it answers 200, asked on a connection of its own. @param {number} port @returns {Promise<boolean>} */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.write(`GET /livez HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
    socket.on('data', (answer) => {
      socket.destroy();
      resolve(String(answer).startsWith('HTTP/1.1 200'));
    });
  });
}

/** Milliseconds from exec to the first 200, asked for without a pause. */
export async function time_to_first_answer() {
  const port = await free_port();
  const began = process.hrtime.bigint();
  const child = spawn(server, [], {
    env: {
      PORT: String(port),
      ADMIN_ADDR: '',
      LOG_LEVEL: 'error',
      SPOTIFY_CLIENT_ID: 'bench',
      SPOTIFY_CLIENT_SECRET: 'bench',
      SPOTIFY_REDIRECT_URI: `http://127.0.0.1:${port}/auth/callback`,
    },
    stdio: 'ignore',
  });
  const gone = once(child, 'exit');
  try {
    while (child.exitCode === null) {
      if (await answers(port)) return Number(process.hrtime.bigint() - began) / 1e6;
    }
    throw new Error('cadenza-server did not start');
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

/** In MB: with nothing to do, and with `count` connections that have each been answered once. @param {number} count */
export async function measure_memory(count) {
  // Nothing of it is asked, so Spotify need not be there.
  const running = await start_server('http://127.0.0.1:9', {
    LIMIT_CONNECTIONS: String(count + 100),
    LIMIT_CONNECTIONS_PER_ADDRESS: String(count + 100),
    TIMEOUT_IDLE: '300s',
  });
  try {
    const idle = await memory_of(running.pid);
    const opener = spawn(
      process.execPath,
      [fileURLToPath(new URL('idle.mjs', import.meta.url)), new URL(running.url).port, String(count)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const gone = once(opener, 'exit');
    await Promise.race([
      once(opener.stdout, 'data'),
      gone.then(() => Promise.reject(new Error('the connections could not be opened'))),
    ]);
    const connected = await memory_of(running.pid);
    opener.stdin.end();
    await gone;
    return { idle, connected };
  } finally {
    await running.stop();
  }
}
