import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { build_site } from '../../pwa/build.mjs';
import { rewrite_shell, stylesheets } from '../../pwa/html.mjs';

const shell = `<!doctype html>
<html lang="en" data-state="shell">
<head>
<title>Cadenza</title>
</head>
<body><main id="main"><p>same  bytes</p></main></body>
</html>
`;
const names = { script: '/s.js', style: '/s.css', core: '/c.wasm', font: '/f.woff2', build: 'b1' };

const folder = await mkdtemp(join(tmpdir(), 'cadenza-site-'));
after(() => rm(folder, { recursive: true }));
const input = {
  wasm: join(folder, 'core.wasm'),
  shell: join(folder, 'shell.html'),
  pages: ['/', '/album/{id}'],
};
await writeFile(input.wasm, Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
await writeFile(input.shell, shell);

/** @param {string} out */
async function contents(out) {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  /** @type {Record<string, string>} */
  const found = {};
  for (const path of paths.sort()) found[path.slice(out.length)] = (await readFile(path)).toString('base64');
  return found;
}

test('the same input gives the same bytes', async () => {
  await build_site({ ...input, out: join(folder, 'one') });
  await build_site({ ...input, out: join(folder, 'two') });
  assert.deepEqual(await contents(join(folder, 'one')), await contents(join(folder, 'two')));
});

test('another core is another build, under other names', async () => {
  const before = await build_site({ ...input, out: join(folder, 'one') });
  const other = join(folder, 'other.wasm');
  await writeFile(other, Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 2, 1, 0x61]));
  const now = await build_site({ ...input, wasm: other, out: join(folder, 'two') });
  assert.notEqual(now.build, before.build);
});

test('the worker takes a line the server appends into the revision of the shell', async () => {
  await build_site({ ...input, out: join(folder, 'one') });
  const worker = await readFile(join(folder, 'one/sw.js'), 'utf8');
  /** @param {string} line */
  const shell_revision = async (line) => {
    /** @type {Record<string, any>} */
    const listeners = {};
    /** @type {string[]} */
    const fetched = [];
    const self = {
      addEventListener: (/** @type {string} */ name, /** @type {any} */ listener) =>
        (listeners[name] = listener),
      registration: { scope: 'http://x/' },
      location: new URL('http://x/sw.js'),
      cadenzaHeaders: undefined,
    };
    const store = {
      match: async () => undefined,
      put: async (/** @type {any} */ key) => fetched.push(key.url ?? key),
    };
    const caches = { open: async () => store, match: async () => undefined };
    const Base = globalThis.Request;
    class Request extends Base {
      /** @param {string | globalThis.Request} from @param {RequestInit} [options] */
      constructor(from, options) {
        super(new URL(from instanceof Base ? from.url : from, 'http://x/'), options);
      }
    }
    const run = new Function(
      'self',
      'location',
      'registration',
      'caches',
      'Request',
      'fetch',
      'FetchEvent',
      `${worker}\n${line}`,
    );
    const answer = async () => new Response('', { status: 200 });
    class FetchEvent {}
    Object.assign(self, { caches, Request, fetch: answer });
    run(self, self.location, self.registration, caches, Request, answer, FetchEvent);
    /** @type {Promise<unknown>[]} */
    const waits = [];
    listeners.install({
      type: 'install',
      waitUntil: (/** @type {Promise<unknown>} */ done) => waits.push(done),
    });
    await Promise.all(waits);
    return fetched.find((url) => new URL(url).pathname === '/');
  };
  const plain = await shell_revision('');
  const first = await shell_revision('self.cadenzaHeaders="aaa";');
  const second = await shell_revision('self.cadenzaHeaders="bbb";');
  assert.match(String(first), /-aaa$/);
  assert.match(String(second), /-bbb$/);
  assert.match(String(plain), /[0-9a-f]{12}-$/);
});

test('the body of the shell is kept byte for byte, its links are replaced', () => {
  const linked = shell
    .replace(
      '</head>',
      '<link rel="stylesheet" href="styles/a.css">\n<link rel="stylesheet" href="/styles/b.css">\n</head>',
    )
    .replace('</body>', '<script type="module" src="/main.js"></script>\n</body>');
  assert.deepEqual(stylesheets(linked), ['styles/a.css', 'styles/b.css']);
  const html = rewrite_shell(linked, names);
  assert.ok(html.includes('<main id="main"><p>same  bytes</p></main>'));
  assert.equal(html.match(/rel="stylesheet"/g)?.length, 1);
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.match(html, /<html lang="en" data-state="shell" data-build="b1">/);
  assert.match(html, /<link rel="preload" href="\/c.wasm" as="fetch"[^>]* crossorigin data-core>/);
});

test('a shell that the policy would refuse is not built', () => {
  for (const bad of ['<script>1</script>', '<style>a{}</style>', '<p style="x">', '<p onclick="x">']) {
    assert.throws(() => rewrite_shell(shell.replace('<main', `${bad}<main`), names), /inline/, bad);
  }
});
