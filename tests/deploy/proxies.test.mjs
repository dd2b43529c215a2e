// nginx and Caddy as deploy/ sets them up, before two real servers: signing in, addresses, failover.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { server } from '../binaries/run.mjs';
import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
import {
  ask,
  at_root,
  deployed,
  folder_for,
  make_identity,
  replaced,
  start_caddy,
  start_nginx,
  variables_of,
} from './support.mjs';

const host = 'cadenza.example.org';

/**
 * @typedef {object} Place
 * @property {string} folder
 * @property {{certificate: string, key: string}} identity
 * @property {number} port of the proxy
 * @property {number[]} servers their ports
 */

/** @param {Place} place @param {string} [file] */
function nginx({ folder, identity, port, servers }, file = 'one-origin') {
  const upstream = replaced(deployed('nginx/cadenza-upstream.conf'), {
    '127.0.0.1:8000': `127.0.0.1:${servers[0]}`,
    '127.0.0.1:8010': `127.0.0.1:${servers[1]}`,
  });
  writeFileSync(join(folder, 'cadenza-proxy.conf'), deployed('nginx/cadenza-proxy.conf'));
  const site = replaced(deployed(`nginx/${file}.conf`), {
    'listen 443': `listen 127.0.0.1:${port}`,
    'listen 80;': `listen unix:${folder}/plain;`,
    '/etc/ssl/cadenza/fullchain.pem': identity.certificate,
    '/etc/ssl/cadenza/key.pem': identity.key,
    '/etc/nginx/': `${folder}/`,
    ...(file === 'split-origins' ? { '/usr/lib/cadenza/site': at_root('build/site') } : {}),
  });
  return start_nginx(folder, `${upstream}\n${site}`, port);
}

/** @param {Place} place @param {string} [file] */
function caddy({ folder, identity, port, servers }, file = 'one-origin') {
  const proxy = replaced(deployed('caddy/cadenza-proxy.caddy'), {
    '127.0.0.1:8000 127.0.0.1:8010': `127.0.0.1:${servers[0]} 127.0.0.1:${servers[1]}`,
  });
  writeFileSync(join(folder, 'cadenza-proxy.caddy'), proxy);
  const hosts = file === 'one-origin' ? [host] : ['app.example.org', 'api.example.org'];
  const tls = `tls ${identity.certificate} ${identity.key}`;
  const site = replaced(deployed(`caddy/${file}.Caddyfile`), {
    ...Object.fromEntries(hosts.map((name) => [`${name} {`, `${name}:${port} {\n\t${tls}`])),
    ...(file === 'split-origins' ? { '/usr/lib/cadenza/site': at_root('build/site') } : {}),
  });
  return start_caddy(folder, site, port);
}

for (const [name, start] of Object.entries({ nginx, caddy })) {
  test(`behind ${name} one signs in, with one’s own address, while a server is away`, async (t) => {
    const folder = folder_for(t);
    const identity = make_identity(folder, [host]);
    const [port = 0, ...servers] = [await free_port(), await free_port(), await free_port()];
    const origin = `https://${host}:${port}`;
    const callback = `${origin}/auth/callback`;
    const emulator = await start_emulator(['--auto-approve', '--liked', '20', '--redirect', callback]);
    t.after(emulator.stop);
    const {
      SPOTIFY_CLIENT_SECRET_FILE: _1,
      SESSION_KEYS_FILE: _2,
      REDIS_URL_FILE: _3,
      SPOTIFY_CLIENT_ID: _4,
      ...settings
    } = variables_of(deployed(`${name}/one-origin.env`));
    /** @type {import('../e2e/processes.mjs').Running[]} */
    const running = [];
    for (const own of servers) {
      const server = await start_server(emulator.url, {
        ...settings,
        PORT: String(own),
        SPOTIFY_REDIRECT_URI: callback,
        SESSION_STORE: 'cookie',
        SESSION_KEYS: `a:${'A'.repeat(43)}=`,
        LOG_LEVEL: 'info',
      });
      t.after(server.stop);
      running.push(server);
    }
    const proxy = await start({ folder, identity, port, servers });
    t.after(proxy.stop);

    /** @type {Map<string, string>} */
    const cookies = new Map();
    /** @param {string} path @param {import('./support.mjs').Question} [question] */
    const go = async (path, question = {}) => {
      const answer = await ask(host, port, path, {
        ...question,
        ca: identity.ca,
        headers: {
          cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
          ...question.headers,
        },
      });
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        assert.match(line, /; Path=\/; .*Secure/, line);
        if (/Max-Age=0/.test(line)) cookies.delete(key);
        else cookies.set(key, value);
      }
      return answer;
    };

    const page = await go('/library/albums');
    assert.equal(page.status, 200);
    assert.match(page.body, /<html/);
    assert.equal(page.headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');

    const login = await go('/auth/login?return_to=/settings');
    assert.equal(login.status, 303, login.body);
    const agreed = await fetch(login.headers.location ?? '', { redirect: 'manual' });
    const back = new URL(agreed.headers.get('location') ?? '');
    assert.equal(back.origin, origin);
    const landed = await go(back.pathname + back.search);
    assert.equal(landed.headers.location, `${origin}/settings`);
    assert.deepEqual([...cookies.keys()], ['__Host-sid']);
    assert.equal(JSON.parse((await go('/api/session')).body).authenticated, true);
    assert.equal(JSON.parse((await go('/api/library/tracks?limit=10')).body).items.length, 10);

    // The address is the caller's, whatever it writes itself.
    const forged = {
      'x-forwarded-for': '192.0.2.1',
      'x-real-ip': '192.0.2.2',
      forwarded: 'for=192.0.2.3',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
    };
    assert.equal((await go('/api/config', { from: '127.0.0.9', headers: forged })).status, 200);
    const all_logs = () => running.map((server) => server.log()).join('');
    for (const until = Date.now() + 5000; !/"\/api\/config"/.test(all_logs()) && Date.now() < until;)
      await setTimeout(10);
    const log = all_logs();
    assert.match(log, /"path":"\/api\/config".*"remote":"127\.0\.0\.9"/);
    assert.doesNotMatch(log, /192\.0\.2|evil\.example/);

    // Long cookies pass, long bodies do not.
    const long = { cookie: `other=${'x'.repeat(7000)}` };
    assert.equal((await go('/api/config', { headers: long })).status, 200);
    const write = { origin, 'x-cadenza': '1', 'content-type': 'application/json' };
    const much = { method: 'POST', body: 'x'.repeat(1_100_000), headers: write };
    assert.equal((await go('/api/edits', much).catch(() => ({ status: 413 }))).status, 413);
    const refused = await go('/auth/logout', {
      method: 'POST',
      headers: { ...write, origin: 'https://a.example' },
    });
    assert.equal(refused.status, 403);

    // One server goes: nobody notices.
    await running[0]?.stop();
    for (let i = 0; i < 8; ++i) assert.equal((await go('/api/session')).status, 200);
    assert.equal((await go('/auth/logout', { method: 'POST', headers: write })).status, 204);
    assert.deepEqual([...cookies.keys()], []);
  });
}

for (const [name, start] of Object.entries({ nginx, caddy })) {
  test(`${name} has the page at one origin and the server at another`, async (t) => {
    const folder = folder_for(t);
    const identity = make_identity(folder, ['app.example.org', 'api.example.org']);
    const [port = 0, ...servers] = [await free_port(), await free_port(), await free_port()];
    const {
      FRONTEND_URL = '',
      BACKEND_URL = '',
      STATIC_DIR = '',
    } = variables_of(deployed(`${name}/split-origins.env`));
    const settings = {
      SPOTIFY_CLIENT_ID: 'id',
      SPOTIFY_CLIENT_SECRET: 'secret',
      SPOTIFY_REDIRECT_URI: `${BACKEND_URL}/auth/callback`,
      FRONTEND_URL,
      BACKEND_URL,
      STATIC_DIR,
      SESSION_KEYS: `a:${'A'.repeat(43)}=`,
    };
    const printed = await server(['--print-headers', name], settings);
    assert.equal(printed.err, '');
    writeFileSync(join(folder, `cadenza-site.${name === 'nginx' ? 'conf' : 'caddy'}`), printed.out);
    const own = await start_server('http://127.0.0.1:1', { ...settings, PORT: String(servers[0]) });
    t.after(own.stop);
    const proxy = await start({ folder, identity, port, servers }, 'split-origins');
    t.after(proxy.stop);

    const page = await ask('app.example.org', port, '/settings', { ca: identity.ca });
    assert.equal(page.status, 200);
    assert.match(
      String(page.headers['content-security-policy']),
      /connect-src 'self' https:\/\/api\.example\.org /,
    );
    const at_api = await ask('api.example.org', port, '/settings', { ca: identity.ca });
    assert.equal(at_api.status, 404);
    const read = (/** @type {string} */ origin) =>
      ask('api.example.org', port, '/api/config', { ca: identity.ca, headers: { origin } });
    assert.equal((await read(FRONTEND_URL)).headers['access-control-allow-origin'], FRONTEND_URL);
    assert.equal((await read('https://evil.example')).headers['access-control-allow-origin'], undefined);
  });
}
