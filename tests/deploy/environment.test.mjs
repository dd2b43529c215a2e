// Every file of deploy/ that gives the server an environment: names it knows, values it takes.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { server } from '../binaries/run.mjs';
import { at_root, deployed, folder_for, variables_of } from './support.mjs';

/** Stand-ins for what the files leave to secrets. @type {Record<string, string>} */
const secrets = {
  SPOTIFY_CLIENT_SECRET: 'a-secret',
  SESSION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  REDIS_URL: 'redis://:password@redis:6379',
};

/** @param {string} text */
const set_in_toml = (text) =>
  variables_of((/\[env\]\n([^[]*)/.exec(text)?.[1] ?? '').replaceAll(/^(\w+) = "(.*)"$/gm, '$1=$2'));

/** @param {{name: string, value?: string}[]} list */
const set_in_list = (list) =>
  Object.fromEntries(list.map(({ name, value }) => [name, value ?? secrets[name] ?? '']));

/** @type {Record<string, () => Record<string, string>>} */
const environments = {
  systemd: () => ({
    ...variables_of(deployed('systemd/cadenza.env')),
    ...variables_of(deployed('systemd/cadenza.service').replaceAll(/^Environment=/gm, '')),
  }),
  'nginx, one origin': () => variables_of(deployed('nginx/one-origin.env')),
  'nginx, two origins': () => variables_of(deployed('nginx/split-origins.env')),
  'Caddy, one origin': () => variables_of(deployed('caddy/one-origin.env')),
  'Caddy, two origins': () => variables_of(deployed('caddy/split-origins.env')),
  Docker: () => ({
    ...Object.fromEntries(
      [...(/^ENV (.*)$/m.exec(deployed('docker/Dockerfile'))?.[1] ?? '').matchAll(/([A-Z_]+)=(\S+)/g)].map(
        ([, name, value]) => [name, value],
      ),
    ),
    ...parse(deployed('docker/compose.yaml')).services.cadenza.environment,
    SPOTIFY_CLIENT_ID: 'id',
    SPOTIFY_REDIRECT_URI: 'https://cadenza.example.org/auth/callback',
  }),
  Kubernetes: () =>
    set_in_list(parse(deployed('kubernetes/deployment.yaml')).spec.template.spec.containers[0].env),
  'Cloud Run': () =>
    set_in_list(parse(deployed('cloud-run/service.yaml')).spec.template.spec.containers[0].env),
  Fly: () => {
    const { SPOTIFY_CLIENT_SECRET = '', SESSION_KEYS = '' } = secrets;
    return { ...set_in_toml(deployed('fly/fly.toml')), SPOTIFY_CLIENT_SECRET, SESSION_KEYS };
  },
  Render: () =>
    Object.fromEntries(
      parse(deployed('render/render.yaml')).services[0].envVars.map(
        (/** @type {{key: string, value?: string}} */ { key, value }) => [key, value ?? secrets[key] ?? ''],
      ),
    ),
  Vercel: () => variables_of(deployed('vercel/example.env')),
  Netlify: () => variables_of(deployed('netlify/example.env')),
};

for (const [name, environment] of Object.entries(environments)) {
  test(`${name}: the server takes the settings as they are`, async (t) => {
    const env = environment();
    assert.ok(Object.keys(env).length > 3, name);
    const { out: help } = await server(['--help']);
    const folder = folder_for(t);
    for (const variable of Object.keys(env)) {
      const plain = variable.replace(/_FILE$/, '');
      assert.match(help, new RegExp(`\\b${plain}\\b`), variable);
      if (plain === variable) continue;
      assert.ok(secrets[plain], `${plain} is a secret`);
      env[variable] = join(folder, plain);
      writeFileSync(env[variable], secrets[plain] ?? '');
    }
    assert.deepEqual(await server(['--check-config'], env), { code: 0, out: '', err: '' });
  });
}

test('no file names a setting that the server does not know', async () => {
  const { out: help } = await server(['--help']);
  const ours =
    /\b(?:ADMIN|BACKEND|CSP|DEMO|FORWARDED|FRONTEND|GEMINI|LIMIT|LOG|RATE|REDIS|SENTRY|SESSION|SHUTDOWN|SPOTIFY|STATE|STATIC|STORE|TIMEOUT|TLS)_[A-Z_]*[A-Z]\b/g;
  const files = readdirSync(at_root('deploy'), { recursive: true, withFileTypes: true });
  let found = 0;
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath ?? file.path, file.name);
    for (const [name] of readFileSync(path, 'utf8').matchAll(ours)) {
      ++found;
      assert.match(help, new RegExp(`\\b${name.replace(/_FILE$/, '')}\\b`), `${name} in ${path}`);
    }
  }
  assert.ok(found > 100);
});
