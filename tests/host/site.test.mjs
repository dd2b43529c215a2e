import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { site } from './site.mjs';

const read = (/** @type {string} */ path) => readFileSync(`${site}/${path}`);
const files = () =>
  readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.slice(site.length + 1));

/** @returns {{url: string, revision: string | null}[]} */
function precached() {
  const text = /\[(?:\{url:"[^"]*",revision:(?:null|"[^"]*")\},?)+\]/.exec(read('sw.js').toString())?.[0];
  assert.ok(text, 'the worker has no precache list');
  return JSON.parse(text.replace(/(url|revision):/g, '"$1":'));
}

test('everything the shell names is there', () => {
  const html = read('index.html').toString();
  const named = [...html.matchAll(/(?:href|src)="\/([^"#]*\.[a-z0-9]+)/g)].map(([, path]) => path);
  assert.ok(named.length >= 4);
  for (const path of named) assert.ok(existsSync(`${site}/${path}`), path);
});

test('the shell has nothing inline and says which build it is', () => {
  const html = read('index.html').toString();
  assert.doesNotMatch(html, /<style|<script(?![^>]*src=)|\sstyle=/);
  assert.match(html, /<html[^>]* data-state="shell"[^>]* data-build="[0-9a-f]{12}"/);
});

test('the worker keeps the shell, and what it lists exists', () => {
  const list = precached();
  assert.ok(list.some(({ url, revision }) => url === '/' && revision));
  for (const { url } of list) if (url !== '/') assert.ok(existsSync(site + url), url);
});

test('nothing that changes by itself or is personal is kept from the start', () => {
  for (const { url, revision } of precached()) {
    assert.doesNotMatch(url, /^\/(?:api|auth|config\.json|sw\.js|index\.html|screenshots)/);
    assert.ok(
      revision !== null || /^\/assets\/.+[-.][0-9A-Za-z]{8,}\./.test(url),
      `${url} has neither revision nor hash`,
    );
  }
});

test('the first page, offline: all but pictures and alphabets of the site is kept', () => {
  const urls = new Set(precached().map(({ url }) => url));
  const built = files().filter((path) => /^assets\/.*\.(?:js|css|wasm)$/.test(path));
  // Reporting errors needs the network, and most have no use for it.
  const [report, ...more] = built.filter((path) => /^assets\/report-/.test(path));
  assert.ok(report && more.length === 0 && !urls.has(`/${report}`));
  const wanted = built.filter((path) => path !== report);
  assert.equal(wanted.length, 3);
  for (const path of wanted) assert.ok(urls.has(`/${path}`), path);
});

test('compressed siblings hold the same bytes', () => {
  const compressed = files().filter((path) => path.endsWith('.br'));
  assert.ok(compressed.length >= 4);
  for (const path of compressed) {
    const plain = path.slice(0, -3);
    assert.ok(brotliDecompressSync(read(path)).equals(read(plain)), plain);
    assert.ok(gunzipSync(read(`${plain}.gz`)).equals(read(plain)), plain);
  }
});

test('the manifest can be installed: names, icons that exist with their sizes, screenshots', () => {
  const manifest = JSON.parse(read('manifest.webmanifest').toString());
  for (const key of [
    'id',
    'name',
    'short_name',
    'description',
    'start_url',
    'scope',
    'display',
    'theme_color',
  ]) {
    assert.ok(manifest[key], key);
  }
  const size_of = (/** @type {Buffer} */ png) => `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
  for (const picture of [...manifest.icons, ...manifest.screenshots]) {
    assert.equal(size_of(read(picture.src.slice(1))), picture.sizes, picture.src);
  }
  assert.ok(manifest.icons.some((/** @type {any} */ icon) => icon.purpose === 'maskable'));
  const factors = manifest.screenshots.map((/** @type {any} */ picture) => picture.form_factor).sort();
  assert.deepEqual(factors, ['narrow', 'wide']);
});

test('config.json names the backend', () => {
  assert.equal(typeof JSON.parse(read('config.json').toString()).backend, 'string');
});
