// ./dev bench server: Cadenza beside FastAPI and nginx in one run. Rounds alternate between those compared, so
// that whatever else the machine does meanwhile strikes all of them; ratios are taken round by round.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { exec, load, start_nginx_return } from './processes.mjs';
import { open_scene } from './scene.mjs';
import { measure_memory, time_to_first_answer } from './start.mjs';
import { median, ratio, summarize } from './stats.mjs';

const rounds = 5;
const seconds = 2;
const connections = 10_000;
const starts = 11;

/** @typedef {{name: string, aim?: number, target: import('./processes.mjs').Target}} Rival */

/** @type {Record<string, unknown>[]} */
const results = [];
/** @param {string[]} cells */
const print = (...cells) =>
  console.log(cells.map((cell, at) => (at ? cell.padStart(17) : cell.padEnd(30))).join(''));
/** @param {number} value */
const brief = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
/** @param {{median: number, least: number, most: number}} summary */
const spread = ({ least, most }) => `${brief(least)}–${brief(most)}`;

/**
 * @param {string} row
 * @param {import('./processes.mjs').Target} own
 * @param {Rival[]} rivals
 */
async function compare(row, own, rivals) {
  const all = [own, ...rivals.map(({ target }) => target)];
  for (const target of all) await load(target, 1);
  const figures = all.map(() => ({ rate: /** @type {number[]} */ ([]), cost: /** @type {number[]} */ ([]) }));
  for (let round = 0; round < rounds; ++round)
    for (const [at, target] of all.entries()) {
      const { rate, cost } = await load(target, seconds);
      figures[at]?.rate.push(rate);
      figures[at]?.cost.push(cost);
    }
  const [ours, ...theirs] = figures;
  for (const [at, { name, aim }] of rivals.entries()) {
    const other = theirs[at];
    if (!ours || !other) throw new Error('nothing was measured');
    const times = ratio(ours.rate, other.rate);
    const saved = ratio(other.cost, ours.cost);
    results.push({ row, peer: name, aim, ratio: times, processor_ratio: saved, cadenza: ours, other });
    print(
      row,
      `${brief(median(ours.rate))}/s`,
      `${name} ${brief(median(other.rate))}`,
      `${brief(times.median)}×`,
      spread(times),
      `${brief(median(ours.cost))}, ${brief(saved.median)}×`,
      aim ? `≥ ${aim}× ${times.median >= aim ? 'met' : 'missed'}` : '',
    );
  }
}

/** @param {string} row @param {string} unit @param {number[]} values @param {number} most @param {string} [beside] */
function report(row, unit, values, most, beside = '') {
  const summary = summarize(values);
  results.push({ row, unit, ...summary, aim: most });
  const met = summary.median <= most ? 'met' : 'missed';
  print(
    row,
    `${brief(summary.median)} ${unit}`,
    beside,
    '',
    values.length > 1 ? spread(summary) : '',
    '',
    `≤ ${most} ${met}`,
  );
}

/** What the figures were taken with. */
async function machine() {
  /** @param {string} command @param {string[]} args @param {RegExp} [part] */
  const version = async (command, args, part = /[\d.]+\S*/) => {
    const said = await exec(command, args).catch((error) => error); // wrk -v ends with 1
    return part.exec(said.stdout + said.stderr)?.[0] ?? 'unknown';
  };
  const { stdout: python } = await exec('/usr/bin/python3', [
    '-c',
    'import platform, fastapi, uvicorn, httpx; print(platform.python_version(), fastapi.__version__, ' +
      'uvicorn.__version__, httpx.__version__)',
  ]);
  const [python3, fastapi, uvicorn, httpx] = python.trim().split(' ');
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    load: loadavg().map((average) => Number(average.toFixed(2))),
    kernel: await version('uname', ['-r'], /\S+/),
    wrk: await version('wrk', ['-v'], /\d+\.\d+\.\d+/),
    nginx: await version('nginx', ['-v']),
    redis: await version('redis-server', ['--version'], /\d+\.\d+\.\d+/),
    python3,
    fastapi,
    uvicorn,
    httpx,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'cadenza-bench-'));
const on = await machine();
console.log(
  Object.entries(on)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · '),
);
print('row', 'Cadenza', 'beside', 'ratio', 'spread', 'CPU µs, ratio', 'aim');
const scene = await open_scene(folder);
try {
  for (const store of /** @type {const} */ (['memory', 'redis', 'cookie'])) {
    const cadenza = await scene.cadenza(store);
    const session = await cadenza.page.read('/api/session');
    const fastapi = await scene.fastapi(store, session);
    /** @param {{url: string, pid: number, cookie: string}} server @param {string} path @param {string} [script] */
    const at = (server, path, script) => ({
      url: server.url + path,
      pid: server.pid,
      cookie: server.cookie,
      script,
    });
    /** @param {string} path @param {number} aim @param {string} [script] @returns {Rival} */
    const beside_fastapi = (path, aim, script) => ({
      name: 'FastAPI',
      aim,
      target: at(fastapi, path, script),
    });
    const check = [beside_fastapi('/api/session', 15)];
    if (store === 'memory') {
      const nginx = scene.keep(await start_nginx_return(join(folder, 'nginx'), JSON.stringify(session)));
      check.push({ name: 'nginx', aim: 0.6, target: { url: `${nginx.url}/`, pid: nginx.pid } });
    }
    await compare(`session check, ${store}`, at(cadenza, '/api/session'), check);
    if (store !== 'memory') continue;
    const path = '/api/library/playlists';
    await compare('playlists, uncached', at(cadenza, path, 'offsets.lua'), [
      beside_fastapi(path, 25, 'offsets.lua'),
    ]);
    await compare('playlists, cached', at(cadenza, path), [{ ...beside_fastapi(path, 0), aim: undefined }]);
  }
} finally {
  await scene.stop();
  await rm(folder, { recursive: true, force: true });
}

const memory = await measure_memory(connections);
report('idle, RSS', 'MB', [memory.idle.rss], 12, `PSS ${brief(memory.idle.pss)}`);
report(
  `${connections} connections, RSS`,
  'MB',
  [memory.connected.rss],
  150,
  `PSS ${brief(memory.connected.pss)}`,
);
const times = [];
for (let start = 0; start < starts; ++start) times.push(await time_to_first_answer());
report('start to first answer', 'ms', times, 30);

const file = new URL('../../build/bench/server.json', import.meta.url);
await writeFile(
  file,
  JSON.stringify(
    { at: new Date().toISOString(), machine: on, upstream_bytes: scene.upstream_bytes, memory, results },
    null,
    2,
  ),
);
console.log(`answer upstream: ${scene.upstream_bytes} bytes; everything is in ${fileURLToPath(file)}`);
