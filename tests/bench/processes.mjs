// What the bench starts beside the project's own programs: FastAPI, nginx, Redis and wrk. Each ends by its pid.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { free_port } from '../e2e/processes.mjs';
import { read_wrk } from './stats.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
export const exec = promisify(execFile);

/** Whoever is measured has the first core, and whoever asks has the others; with one core they share it. */
const cores = cpus().length;
const measured = '0';
const asking = cores > 1 ? `1-${cores - 1}` : '0';

/** @param {number | undefined} pid with all its threads */
export const pin_measured = (pid) => exec('taskset', ['-a', '-p', '-c', measured, String(pid)]);

/** @param {string} url @param {number} [patience_ms] */
export async function wait_for(url, patience_ms = 20_000) {
  for (const until = Date.now() + patience_ms; ;) {
    const answer = await fetch(url).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    if (Date.now() > until) throw new Error(`no answer from ${url}`);
    await setTimeout(20);
  }
}

/**
 * @typedef {object} Peer
 * @property {string} url
 * @property {number} pid
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} cores
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function start_on(cores, program, args, env = {}) {
  const child = spawn('taskset', ['-c', cores, program, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await gone;
  };
  return { pid: child.pid ?? 0, stop }; // taskset becomes the program
}

/** @param {string} url @param {Omit<Peer, 'url'>} started @param {string} path @returns {Promise<Peer>} */
async function answering(url, { pid, stop }, path) {
  try {
    await wait_for(url + path);
    return { url, pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Debian's own Python, which is where Debian's packages are. @param {Record<string, string>} env */
export async function start_fastapi(env) {
  const port = String(await free_port());
  const started = start_on(
    measured,
    '/usr/bin/python3',
    [
      ...['-m', 'uvicorn', '--app-dir', join(here, 'peers'), '--port', port],
      ...['--log-level', 'warning', '--no-access-log', 'fastapi_app:app'],
    ],
    { PYTHONDONTWRITEBYTECODE: '1', ...env },
  );
  return answering(`http://127.0.0.1:${port}`, started, '/livez');
}

/** @param {string} folder @param {string} cores @param {string} locations */
async function start_nginx(folder, cores, locations) {
  const port = await free_port();
  await mkdir(folder, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ');
  // Started by root, its worker would be somebody who may not read the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await writeFile(
    join(folder, 'nginx.conf'),
    `${user} daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
    events { worker_connections 1024; }
    http { access_log off; ${temporary} default_type application/json;
      server { listen 127.0.0.1:${port}; keepalive_requests 1000000; location = /livez { return 200; } ${locations} } }`,
  );
  const started = start_on(cores, 'nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder]);
  return answering(`http://127.0.0.1:${port}`, started, '/livez');
}

/** One worker that says `body`. @param {string} folder @param {string} body */
export const start_nginx_return = (folder, body) =>
  start_nginx(folder, measured, `location / { return 200 '${body}'; }`);

/**
 * Files for Spotify's answers. @param {string} folder
 * @param {Record<string, string>} answers by path, such as "/v1/me"
 */
export async function start_upstream(folder, answers) {
  await mkdir(folder, { recursive: true });
  const locations = await Promise.all(
    Object.entries(answers).map(async ([path, body], number) => {
      const file = join(folder, `answer-${number}.json`);
      await writeFile(file, body);
      return `location = ${path} { alias ${file}; }`;
    }),
  );
  return start_nginx(folder, asking, `open_file_cache max=10; ${locations.join(' ')}`);
}

/** @param {string} folder */
export async function start_redis(folder) {
  const socket = join(folder, 'redis.sock');
  await mkdir(folder, { recursive: true });
  const { stop } = start_on(asking, 'redis-server', [
    ...['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder, '--loglevel', 'warning'],
  ]);
  for (const until = Date.now() + 10_000; ;) {
    const said = await exec('redis-cli', ['-s', socket, 'ping']).catch(() => ({ stdout: '' }));
    if (said.stdout.trim() === 'PONG') return { url: `unix://${socket}`, stop };
    if (Date.now() > until) throw new Error('redis-server does not answer');
    await setTimeout(20);
  }
}

/**
 * @typedef {object} Target
 * @property {string} url
 * @property {number} pid who is measured, with its children
 * @property {string} [cookie]
 * @property {string} [script] a file of this folder
 */

/** Microseconds of processor time used so far. @param {number} pid with its children */
async function processor_time(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
  let ticks = 0;
  for (const one of [pid, ...children]) {
    const fields = (await readFile(`/proc/${one}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11]) + Number(fields[12]); // utime and stime
  }
  return ticks * 10_000; // the kernel shows hundredths of a second, whatever it counts in
}

/**
 * Requests a second, and what each cost the measured program in microseconds of processor time.
 * @param {Target} target @param {number} seconds
 */
export async function load({ url, pid, cookie, script }, seconds) {
  const before = await processor_time(pid);
  const { stdout } = await exec('taskset', [
    ...['-c', asking, 'wrk', '-t1', '-c32', `-d${seconds}s`],
    ...(cookie ? ['-H', `Cookie: ${cookie}`] : []),
    ...(script ? ['-s', join(here, script)] : []),
    url,
  ]);
  const { rate, requests } = read_wrk(stdout);
  return { rate, cost: ((await processor_time(pid)) - before) / requests };
}

/** What stands in memory, in MB. @param {number | undefined} pid */
export async function memory_of(pid) {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  /** @param {string} name */
  const megabytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024;
  return { rss: megabytes('Rss'), pss: megabytes('Pss') };
}
