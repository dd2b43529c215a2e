// The image without Docker: its rules, and its files in a root of their own.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { free_port } from '../e2e/processes.mjs';
import { ask, at_root, deployed, folder_for, replaced } from './support.mjs';

const binary = at_root('build/bin/cadenza-server');

/** Instructions with their arguments, continued lines joined. */
const instructions = deployed('docker/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter(Boolean)
  .map((line) => {
    const [, name = '', words = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { name, words: words.replaceAll(/\s+/g, ' ') };
  });
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
/** @param {string} name */
const in_last = (name) => last.filter((one) => one.name === name).map(({ words }) => words);
const copied_libraries = instructions
  .filter(({ words }) => words.includes('/libraries/') && words.includes('cp -L'))
  .flatMap(({ words }) => words.match(/\blib\S+\.so\S*/g) ?? []);

/** What gcr.io/distroless/cc-debian12 has: libc6, libssl3, libgcc-s1, libgomp1, libstdc++6. */
const base =
  /^(?:linux-vdso|ld-linux|libc\.so\.6|libm\.so\.6|libssl\.so\.3|libcrypto\.so\.3|libgcc_s\.so\.1|libstdc\+\+\.so\.6)/;

/** The libraries the server needs, by name, with their files. */
function needed_libraries() {
  const lines = execFileSync('ldd', [binary], { encoding: 'utf8' }).trim().split('\n');
  return new Map(
    lines
      .map((line) => /^\s*(\S+)(?: => (\S+))?/.exec(line) ?? [])
      .filter(([, name = '']) => !name.startsWith('linux-vdso'))
      .map(([, name = '', file = name]) => [basename(name), file]),
  );
}

test('the image runs one program as nobody, with a check of its health', () => {
  assert.deepEqual(in_last('FROM'), ['gcr.io/distroless/cc-debian12:nonroot']);
  assert.deepEqual(in_last('USER'), ['65532:65532']);
  assert.deepEqual(in_last('RUN'), []);
  assert.deepEqual(in_last('ADD'), []);
  assert.deepEqual(
    in_last('ENTRYPOINT').map((words) => JSON.parse(words)),
    [['/app/bin/cadenza-server']],
  );
  const [health = ''] = in_last('HEALTHCHECK');
  const [, command = ''] = health.split(' CMD ');
  assert.deepEqual(JSON.parse(command), ['/app/bin/cadenza-server', '--healthcheck']);
  assert.ok(in_last('COPY').every((words) => words.startsWith('--from=build ')));
  assert.ok(!/SECRET|KEYS|PASSWORD|DSN/.test(in_last('ENV').concat(in_last('ARG')).join()));
});

test('what is built from is named, and nothing else is sent', () => {
  const lines = readFileSync(at_root('.dockerignore'), 'utf8').trim().split('\n');
  assert.equal(lines[0], '*');
  const sent = lines.slice(1).map((line) => line.replace(/^!/, ''));
  const tracked = new Set(readdirSync(at_root('.')));
  for (const path of sent) assert.ok(tracked.has(path), path);
  for (const path of ['.git', 'node_modules', 'build', 'deploy']) assert.ok(!sent.includes(path), path);
});

test('the libraries that are copied are those the base does not have', () => {
  const missing = [...needed_libraries().keys()].filter((name) => !base.test(name));
  assert.deepEqual([...copied_libraries].sort(), missing.sort());
});

/** Namespaces are the kernel's to give: inside a container it may refuse. */
const refused = (() => {
  const words = ['--ro-bind', '/', '/', '--proc', '/proc', '--unshare-user', '--unshare-pid', 'true'];
  const { status, stderr } = spawnSync('bwrap', words, { encoding: 'utf8' });
  return status === 0 ? false : `bwrap may not make namespaces here: ${stderr.trim()}`;
})();

test(
  'in a root of just those files the server runs, read only, as user 65532',
  { skip: refused },
  async (t) => {
    const root = join(folder_for(t), 'root');
    const libraries = join(root, 'usr/lib');
    for (const path of ['usr/lib', 'app/bin', 'proc', 'dev', 'tmp', 'etc'])
      mkdirSync(join(root, path), { recursive: true });
    mkdirSync(join(root, 'lib64'));
    for (const [name, file] of needed_libraries()) {
      if (!base.test(name)) assert.ok(copied_libraries.includes(name), name);
      cpSync(realpathSync(file), join(name.startsWith('ld-') ? join(root, 'lib64') : libraries, name));
    }
    cpSync(binary, join(root, 'app/bin/cadenza-server'));
    cpSync(at_root('build/site'), join(root, 'app/site'), { recursive: true });
    execFileSync('chmod', ['-R', 'a+rX', root]);
    execFileSync('chmod', ['a+x', join(root, '..')]);

    const port = await free_port();
    const env = Object.fromEntries(
      [
        ...in_last('ENV')
          .join(' ')
          .matchAll(/([A-Z_]+)=(\S+)/g),
      ].map(([, name, value]) => [name, value]),
    );
    /** @param {string[]} args */
    const contained = (args) =>
      spawn(
        'bwrap',
        ['--ro-bind', root, '/', '--proc', '/proc', '--dev', '/dev', '--remount-ro', '/', '--unshare-user']
          .concat([
            '--uid',
            '65532',
            '--gid',
            '65532',
            '--cap-drop',
            'ALL',
            '--unshare-pid',
            '--die-with-parent',
          ])
          .concat(['--chdir', '/', '/app/bin/cadenza-server', ...args]),
        {
          env: { ...env, PORT: String(port), DEMO_SAME_ORIGIN: '1', ADMIN_ADDR: '' },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
    const server = contained([]);
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (text) => (said += text));
    const exited = once(server, 'exit');
    t.after(async () => {
      server.kill('SIGKILL');
      await exited;
    });
    const [first] = await Promise.race([
      once(server.stdout.setEncoding('utf8'), 'data'),
      exited.then(() => [`ended: ${said}`]),
    ]);
    assert.match(first, /^listening on /);
    assert.equal((await ask('127.0.0.1', port, '/')).status, 200);
    const [code] = await once(contained(['--healthcheck']), 'exit');
    assert.equal(code, 0);
  },
);

test('compose gives each service no more than it needs, and secrets as files', () => {
  const { services, secrets, volumes } = parse(deployed('docker/compose.yaml'));
  assert.deepEqual(Object.keys(services), ['cadenza', 'redis']);
  for (const [name, service] of Object.entries(services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    assert.match(service.user, /^[1-9]\d*:[1-9]\d*$/, name);
    assert.ok(!service.privileged && service.mem_limit && service.pids_limit, name);
    for (const secret of service.secrets) assert.match(secrets[secret].file, /^\.\/secrets\//, secret);
  }
  const { environment, ports, stop_grace_period } = services.cadenza;
  for (const [name, value] of Object.entries(environment)) {
    if (name.endsWith('_FILE')) assert.ok(services.cadenza.secrets.includes(basename(String(value))), name);
    else assert.doesNotMatch(name, /SECRET|KEYS|REDIS_URL/);
  }
  assert.ok(ports.every((/** @type {string} */ port) => port.startsWith('127.0.0.1:')));
  assert.ok(parseInt(stop_grace_period) > parseInt(environment.SHUTDOWN_DEADLINE));
  const command = services.redis.command.join(' ');
  for (const rule of ['--appendonly yes', '--maxmemory-policy noeviction', 'requirepass'])
    assert.ok(command.includes(rule), rule);
  assert.equal(services.redis.ports, undefined);
  assert.deepEqual(services.redis.volumes, ['sessions:/data']);
  assert.ok('sessions' in volumes);
  assert.match(services.redis.healthcheck.test.join(' '), /redis-cli ping/);
});

test('its Redis takes the password from the file, and its check asks with it', async (t) => {
  const { redis } = parse(deployed('docker/compose.yaml')).services;
  const folder = folder_for(t);
  const port = await free_port();
  writeFileSync(join(folder, 'redis-password'), 'a-test-password');
  const here = (/** @type {string} */ words, /** @type {string} */ program, /** @type {string} */ more) =>
    replaced(words, {
      $$: '$',
      '/run/secrets': folder,
      [program]: `${program} ${more}`,
    }).replace('--dir /data', `--dir ${folder}`);
  const [shell, option, script] = redis.command;
  const running = spawn(shell, [option, here(script, 'redis-server -', `--port ${port} --bind 127.0.0.1`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(running, 'exit');
  t.after(() => running.kill('SIGKILL'));
  let said = '';
  for await (const piece of running.stdout) {
    said += piece;
    if (said.includes('Ready to accept connections')) break;
  }
  execFileSync('sh', ['-c', here(redis.healthcheck.test[1], 'redis-cli', `-p ${port}`)]);
  assert.match(execFileSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }), /NOAUTH/);
  running.kill('SIGTERM'); // reaches Redis itself, which saves and ends
  assert.deepEqual(await exited, [0, null]);
});
