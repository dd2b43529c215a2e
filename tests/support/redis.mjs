// Real Redis for tests: one server, servers under a sentinel, a cluster. On 127.0.0.1, ended by those who start them.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { free_port } from '../e2e/processes.mjs';
import { until } from './until.mjs';

const execute = promisify(execFile);

/**
 * @typedef {object} Redis
 * @property {number} port
 * @property {string} socket
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop
 */

/** @param {string[]} args @param {string} ready what it says when it answers */
async function start(args, ready) {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  /** @param {NodeJS.Signals} [signal] */
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    await exited;
  };
  let said = '';
  await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      if (said.includes(ready)) return; // what comes later is read and not kept
      said += piece;
      if (said.includes(ready)) resolve(undefined);
    });
    exited.then(() => reject(new Error(`redis-server ended:\n${said}`)));
  });
  return stop;
}

/**
 * A redis-server that keeps what it has in `folder`, answering.
 * @param {string} folder
 * @param {{port?: number, args?: string[]}} [options]
 * @returns {Promise<Redis>}
 */
export async function start_redis(folder, { port, args = [] } = {}) {
  await mkdir(folder, { recursive: true });
  const own = port ?? (await free_port());
  const socket = join(folder, 'redis.sock');
  const durable = ['--save', '', '--appendonly', 'yes', '--repl-diskless-sync-delay', '0'];
  const at = ['--bind', '127.0.0.1', '--port', String(own), '--unixsocket', socket, '--dir', folder];
  const stop = await start([...at, ...durable, ...args], 'ready to accept connections at');
  return { port: own, socket, stop };
}

/** What Redis says to a command. @param {number} port @param {string[]} words */
export async function ask_redis(port, ...words) {
  const { stdout } = await execute('redis-cli', ['-p', String(port), ...words]);
  return stdout.trim();
}

/**
 * A sentinel that watches the server at `master` under the name of "mymaster"; `quorum` of them must miss it.
 * @param {string} folder
 * @param {number} master
 * @param {number} down_after_ms
 * @param {number} [quorum]
 */
export async function start_sentinel(folder, master, down_after_ms, quorum = 1) {
  await mkdir(folder, { recursive: true });
  const port = await free_port();
  const config = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor mymaster 127.0.0.1 ${master} ${quorum}`,
    `sentinel down-after-milliseconds mymaster ${down_after_ms}`,
    'sentinel failover-timeout mymaster 2000',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const stop = await start([config, '--sentinel'], '+monitor master');
  return { port, stop };
}

/**
 * Three masters and a replica of each, all slots served.
 * @param {string} folder
 */
export async function start_cluster(folder) {
  /** @type {Redis[]} */
  const nodes = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
  };
  try {
    for (let i = 0; i < 6; ++i) {
      const bus = String(await free_port());
      const args = ['--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', '2000'];
      nodes.push(await start_redis(join(folder, `node-${i}`), { args }));
    }
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await execute('redis-cli', [
      '--cluster',
      'create',
      ...addresses,
      '--cluster-replicas',
      '1',
      '--cluster-yes',
    ]);
    const serves = async (/** @type {Redis} */ { port }) =>
      (await ask_redis(port, 'CLUSTER', 'INFO')).includes('cluster_state:ok');
    for (const node of nodes) await until('the cluster is whole', () => serves(node));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}

/**
 * Moves slots, and the keys in them, from one master to another, as an operator does.
 * @param {Redis} from
 * @param {Redis} to
 * @param {number} slots
 */
export async function reshard(from, to, slots) {
  const [source, target] = await Promise.all(
    [from, to].map(({ port }) => ask_redis(port, 'CLUSTER', 'MYID')),
  );
  await execute('redis-cli', [
    '--cluster',
    'reshard',
    `127.0.0.1:${from.port}`,
    '--cluster-from',
    source ?? '',
    '--cluster-to',
    target ?? '',
    '--cluster-slots',
    String(slots),
    '--cluster-yes',
  ]);
}
