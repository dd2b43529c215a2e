import assert from 'node:assert/strict';
import { test } from 'node:test';

import { route_of } from '../../pwa/routing.js';
import { page_matcher } from '../../wasm-client/host/pages.js';

const origin = 'https://cadenza.example';
const site = {
  origin,
  is_page: page_matcher(['/', '/search', '/library/tracks', '/playlist/{id}']),
  is_precached: (/** @type {string} */ url) => url === `${origin}/assets/main-1.js`,
};
const id = '0123456789abcdefABCDEF';

/** @param {string} address @param {object} [request] */
const route = (address, request) =>
  route_of({ method: 'GET', mode: 'cors', destination: '', ...request }, new URL(address, origin), site);
const visit = { mode: 'navigate', destination: 'document' };

test('pages of ours get the shell, with any query', () => {
  for (const path of ['/', '/?problem=denied', '/search?q=x', '/library/tracks', `/playlist/${id}`]) {
    assert.equal(route(path, visit), 'shell', path);
  }
});

test('every other navigation reaches the server, so a callback may have any path', () => {
  for (const path of [
    '/callback?code=1',
    '/auth/login',
    '/auth/callback',
    '/playlist/short',
    '/settings/',
    '/nothing',
  ]) {
    assert.equal(route(path, visit), 'network', path);
  }
  assert.equal(route('https://elsewhere.example/', visit), 'network');
});

test('what is personal or decided by the server is never looked up in a cache', () => {
  for (const path of ['/api/session', '/api', '/auth/logout', '/config.json', '/sw.js']) {
    assert.equal(route(path), 'network', path);
  }
  // Not even when it pretends to be a picture.
  assert.equal(route('/api/x.png', { destination: 'image' }), 'network');
});

test('only GET is answered', () => {
  assert.equal(route('/', { ...visit, method: 'POST' }), 'network');
  assert.equal(route('/assets/main-1.js', { method: 'HEAD' }), 'network');
});

test('kept files come from the precache, other hashed files from a cache of their own', () => {
  assert.equal(route('/assets/main-1.js'), 'precached');
  assert.equal(route('/assets/inter-greek-1.woff2', { destination: 'font' }), 'asset');
  assert.equal(route('/robots.txt'), 'network');
});

test('pictures from anywhere are covers, scripts from elsewhere are not touched', () => {
  assert.equal(route('https://i.example/cover', { destination: 'image', mode: 'no-cors' }), 'cover');
  assert.equal(route('https://sdk.example/player.js', { destination: 'script', mode: 'no-cors' }), 'network');
  assert.equal(route('blob:https://cadenza.example/1', { destination: 'image' }), 'network');
});

test('a page pattern takes a whole id and nothing else', () => {
  const is_page = page_matcher(['/album/{id}', '/a.b']);
  assert.ok(is_page(`/album/${id}`));
  for (const path of [
    `/album/${id}x`,
    `/album/${id}/`,
    `/x/album/${id}`,
    '/album/{id}',
    '/album/../../etc',
    '/aXb',
  ]) {
    assert.ok(!is_page(path), path);
  }
});
