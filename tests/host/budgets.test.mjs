// What a visitor downloads, against the sizes promised. Brotli at its best, as the server sends it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';

import { site } from './site.mjs';

const kilobyte = 1024;
const read = (/** @type {string} */ path) => readFileSync(`${site}/${path}`);
const brotli = (/** @type {Buffer} */ content) =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const assets = () => readdirSync(`${site}/assets`).map((name) => `assets/${name}`);
const shell = () => read('index.html').toString();

/** @param {RegExp} pattern */
function only(pattern) {
  const found = assets().filter((path) => pattern.test(path));
  assert.equal(found.length, 1, `${pattern} matches ${found.join(', ') || 'nothing'}`);
  return read(/** @type {string} */ (found[0]));
}

/** @param {string} what @param {number} size bytes @param {number} limit kilobytes */
function within(what, size, limit) {
  console.log(`${what}: ${(size / kilobyte).toFixed(1)} of ${limit} KB`);
  assert.ok(size <= limit * kilobyte, `${what} is ${size} bytes, more than ${limit} KB`);
}

test('the core is at most 90 KB', () => within('core, brotli', brotli(only(/\.wasm$/)), 90));
test('the host script with its library is at most 20 KB', () =>
  within('host script, brotli', brotli(only(/main-[^/]*\.js$/)), 20));
test('the service worker is at most 15 KB', () => within('worker, brotli', brotli(read('sw.js')), 15));
test('the styles are at most 15 KB', () => within('styles, brotli', brotli(only(/\.css$/)), 15));
test('the shell is at most 10 KB as it is', () => within('shell, raw', read('index.html').length, 10));

test('the first font is preloaded and at most 60 KB', () => {
  const font = /<link rel="preload" href="\/([^"]+\.woff2)"/.exec(shell())?.[1];
  assert.ok(font, 'no font is preloaded');
  within('first font', read(font).length, 60);
});
