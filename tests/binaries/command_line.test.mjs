// What an operator and a process manager see of the programs: options, exit codes, first lines.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';

import { start_demo, start_emulator } from '../e2e/processes.mjs';
import { run, server } from './run.mjs';

const mistakes = {
  PORT: 'eighty',
  SESSION_IDLE: 'forever',
  LOG_LEVEL: 'loud',
  SPOTIFY_CLIENT_ID: 'id',
  WORKERS: '4',
};

test('--check-config says nothing about good settings', async () => {
  assert.deepEqual(await server(['--check-config']), { code: 0, out: '', err: '' });
});

test('--check-config names every mistake at once', async () => {
  const { code, out, err } = await server(['--check-config'], mistakes);
  assert.equal(code, 2);
  assert.equal(out, '');
  const named = err
    .trimEnd()
    .split('\n')
    .map((line) => line.split(':')[0]);
  assert.deepEqual(named.sort(), [
    'LOG_LEVEL',
    'PORT',
    'SESSION_IDLE',
    'SESSION_KEYS',
    'SPOTIFY_CLIENT_SECRET',
    'SPOTIFY_REDIRECT_URI',
    'WORKERS',
  ]);
});

test('with mistakes it does not start, nor do anything else that needs the settings', async () => {
  for (const args of [[], ['--print-config'], ['--healthcheck']]) {
    const { code, out, err } = await server(args, mistakes);
    assert.equal(code, 2, args[0]);
    assert.equal(out, '');
    assert.match(err, /^PORT: /m);
  }
});

test('--print-config shows what is set and no secret', async () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const { code, out } = await server(['--print-config'], {
    SPOTIFY_CLIENT_ID: 'my-app',
    SPOTIFY_CLIENT_SECRET: 'hush-hush',
    SPOTIFY_REDIRECT_URI: 'https://music.example.org/auth/callback',
    SESSION_KEYS: `k1:${key}`,
    SENTRY_DSN_CLIENT: 'https://sentrykey@errors.example.org/1',
  });
  assert.equal(code, 0);
  assert.match(out, /^SPOTIFY_CLIENT_ID=my-app$/m);
  assert.match(out, /^SPOTIFY_CLIENT_SECRET=\(set\)$/m);
  assert.match(out, /^FRONTEND_URL=https:\/\/music\.example\.org$/m);
  assert.match(out, /^SESSION_KEYS=k1:\(set\)$/m);
  for (const secret of ['hush-hush', key, 'sentrykey']) assert.ok(!out.includes(secret), secret);
});

test('--version and --help answer; --help lists every variable that --print-config shows', async () => {
  assert.match((await server(['--version'])).out, /^cadenza-server \d+\.\d+\.\d+\S*\n$/);
  const help = await server(['--help']);
  assert.equal(help.code, 0);
  const shown = (await server(['--print-config'])).out.matchAll(/^([A-Z_]+)=/gm);
  for (const [, name] of shown) if (name !== 'MODE') assert.ok(help.out.includes(name), name);
});

test('bad usage is exit 2 and says how', async () => {
  for (const args of [['--serve'], ['--version', '--help'], ['extra']]) {
    const { code, out, err } = await server(args);
    assert.equal(code, 2, args[0]);
    assert.equal(out, '');
    assert.match(err, /cannot use .*\ncadenza-server \[option\]/);
  }
  const emulator = await run('spotify-emulator', ['--port', 'x']);
  assert.equal(emulator.code, 2);
  assert.match(emulator.err, /cannot use --port/);
});

test('--openapi prints what the running server answers', async () => {
  const demo = await start_demo();
  try {
    const answer = await fetch(`${demo.url}/api/openapi.json`);
    assert.equal(answer.status, 200);
    const { code, out } = await server(['--openapi']);
    assert.equal(code, 0);
    assert.equal(out.trimEnd(), await answer.text());
    assert.equal(JSON.parse(out).openapi, '3.1.0');
  } finally {
    await demo.stop();
  }
});

test('the first line says where it listens, and SIGTERM ends it well', async () => {
  const demo = await start_demo();
  assert.match(demo.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(await demo.stop(), 0);
  const emulator = await start_emulator();
  assert.match(emulator.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(await emulator.stop(), 0);
});

for (const [host, what] of Object.entries({
  '127.0.0.1': 'the usual address',
  '::1': 'an IPv6 address',
  '0.0.0.0': 'every address',
  '127.0.0.2': 'one address only',
})) {
  test(`--healthcheck finds a server that listens on ${what}`, async () => {
    const settings = { HOST: host, DEMO_SAME_ORIGIN: '1' };
    const demo = await start_demo(settings);
    const { port } = new URL(demo.url);
    try {
      assert.equal(new URL(demo.url).hostname, host === '::1' ? '[::1]' : '127.0.0.1');
      const check = await server(['--healthcheck'], { ...settings, PORT: port });
      assert.deepEqual(check, { code: 0, out: 'alive\n', err: '' });
    } finally {
      await demo.stop();
    }
    const gone = await server(['--healthcheck'], { ...settings, PORT: port });
    assert.deepEqual(gone, { code: 1, out: 'not alive\n', err: '' });
  });
}

test('a taken port is exit 1 and named', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (holder.address());
  try {
    const outcomes = await Promise.all([
      server([], { PORT: String(port), EMULATOR_PORT: '0' }),
      server([], { PORT: '0', EMULATOR_PORT: String(port) }),
      run('spotify-emulator', ['--port', String(port)]),
    ]);
    for (const { code, out, err } of outcomes) {
      assert.equal(code, 1);
      assert.equal(out, '');
      assert.match(err, new RegExp(`127\\.0\\.0\\.1:${port}`));
    }
  } finally {
    holder.close();
  }
});
