// The programs that stand before the server, with the settings of deploy/ and addresses of a test.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as plain_request } from 'node:http';
import { request as secure_request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** @param {string} path below the repository's root */
export const at_root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** @param {string} path below deploy/ */
export const deployed = (path) => readFileSync(at_root(`deploy/${path}`), 'utf8');

/** A folder that is gone after the test. @param {{after: (fn: () => void) => void}} t */
export function folder_for(t) {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-deploy-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `content` with other words in it, each of which must be there. @param {string} content @param {Record<string, string>} words */
export function replaced(content, words) {
  for (const [from, to] of Object.entries(words)) {
    assert.ok(content.includes(from), `${from} is in it`);
    content = content.replaceAll(from, to);
  }
  return content;
}

/** The variables of a file of NAME=value lines. @param {string} content @returns {Record<string, string>} */
export const variables_of = (content) =>
  Object.fromEntries([...content.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

/**
 * A certificate for `names` and the authority it is from, as files in `folder`.
 * @param {string} folder
 * @param {string[]} names
 */
export function make_identity(folder, names) {
  const file = (/** @type {string} */ name) => join(folder, name);
  const openssl = (/** @type {string} */ words) =>
    execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'pipe' });
  writeFileSync(file('names.ext'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  openssl(`req -x509 ${key} -keyout ca.key -out ca.pem -days 2 -subj /CN=Test-CA`);
  openssl(`req ${key} -keyout key.pem -out leaf.csr -subj /CN=${names[0]}`);
  openssl(
    'x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out fullchain.pem -days 2 -extfile names.ext',
  );
  return { ca: file('ca.pem'), certificate: file('fullchain.pem'), key: file('key.pem') };
}

/** @param {number} port */
async function until_open(port) {
  for (const until = Date.now() + 10_000; Date.now() < until; await setTimeout(20)) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
  }
  throw new Error(`nothing listens on ${port}`);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {number} port it will listen on
 * @param {NodeJS.ProcessEnv} env
 */
async function start(program, args, port, env) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (piece) => (log += piece));
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  };
  const started = until_open(port).then(() => true);
  const gone = exited.then(([code]) => {
    throw new Error(`${program} ended with ${code}:\n${log}`);
  });
  gone.catch(() => {});
  try {
    await Promise.race([started, gone]);
  } catch (error) {
    started.catch(() => {});
    await stop();
    throw error;
  }
  return { log: () => log, stop };
}

/**
 * nginx with `site`, what lies in conf.d otherwise.
 * @param {string} folder
 * @param {string} site
 * @param {number} port
 */
export function start_nginx(folder, site, port) {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off;\n${user}\nworker_processes 1;\npid ${folder}/nginx.pid;\nerror_log stderr warn;\n` +
      `events { worker_connections 256; }\nhttp {\naccess_log off;\n${paths}\n${site}\n}\n`,
  );
  execFileSync('nginx', ['-t', '-q', '-e', 'stderr', '-p', folder, '-c', config], { stdio: 'pipe' });
  return start('nginx', ['-e', 'stderr', '-p', folder, '-c', config], port, process.env);
}

/**
 * Caddy without its administration, without fetching certificates.
 * @param {string} folder
 * @param {string} site
 * @param {number} port
 */
export function start_caddy(folder, site, port) {
  const config = join(folder, 'Caddyfile');
  writeFileSync(config, `{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n${site}`);
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const args = ['--config', config, '--adapter', 'caddyfile'];
  execFileSync('caddy', ['validate', ...args], { env, stdio: 'pipe' });
  return start('caddy', ['run', ...args], port, env);
}

/**
 * @typedef {object} Question
 * @property {string} [method]
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 * @property {string} [ca] the file of the authority; with it the question is asked over TLS
 * @property {string} [from] our own address
 */

/**
 * Asks what listens on `port` of this machine, by whatever name.
 * @param {string} host
 * @param {number} port
 * @param {string} path
 * @param {Question} [question]
 */
export async function ask(host, port, path, { method = 'GET', headers = {}, body, ca, from } = {}) {
  const options = {
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: { host: `${host}:${port}`, ...headers },
    ...(from ? { localAddress: from } : {}),
  };
  const request = ca
    ? secure_request({ ...options, servername: host, ca: readFileSync(ca) })
    : plain_request(options);
  request.end(body);
  const [answer] = /** @type {[import('node:http').IncomingMessage]} */ (await once(request, 'response'));
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}
