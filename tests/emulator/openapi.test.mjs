// The emulator's answers against Spotify's own OpenAPI description, which is not part of this project:
// SPOTIFY_OPENAPI_FILE names a copy. The shapes we rely on are checked always.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';

import { start_emulator } from '../e2e/processes.mjs';
import { tokens_of } from './oauth.mjs';

const file = process.env.SPOTIFY_OPENAPI_FILE;

/** @type {import('../e2e/processes.mjs').Running} */
let emulator;
let token = '';
/** Ids to ask with. @type {Record<string, string>} */
const ids = {};

/** @param {string} path */
async function get(path) {
  const response = await fetch(`${emulator.url}/v1${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

before(async () => {
  emulator = await start_emulator(['--auto-approve']);
  token = (await tokens_of(emulator.url)).access_token;
  const [album] = (await get('/me/albums?limit=1')).body.items;
  const [playlist] = (await get('/me/playlists?limit=1')).body.items;
  Object.assign(ids, {
    album: album.album.id,
    artist: album.album.artists[0].id,
    playlist: playlist.id,
    track: (await get(`/albums/${album.album.id}/tracks?limit=1`)).body.items[0].id,
  });
});
after(() => emulator.stop());

/** Path of the description, and how to ask for it. @type {[string, () => string][]} */
const reads = [
  ['/me', () => '/me'],
  ['/me/playlists', () => '/me/playlists?limit=50'],
  ['/me/tracks', () => '/me/tracks?limit=50'],
  ['/me/albums', () => '/me/albums?limit=50'],
  ['/me/following', () => '/me/following?type=artist&limit=50'],
  ['/me/top/artists', () => '/me/top/artists?limit=10'],
  ['/me/top/tracks', () => '/me/top/tracks?limit=10'],
  ['/me/player/devices', () => '/me/player/devices'],
  ['/me/player/recently-played', () => '/me/player/recently-played?limit=20'],
  ['/me/player/queue', () => '/me/player/queue'],
  ['/me/library/contains', () => `/me/library/contains?uris=spotify:track:${ids.track}`],
  ['/playlists/{playlist_id}', () => `/playlists/${ids.playlist}`],
  ['/playlists/{playlist_id}/items', () => `/playlists/${ids.playlist}/items?limit=50`],
  ['/albums/{id}', () => `/albums/${ids.album}`],
  ['/albums/{id}/tracks', () => `/albums/${ids.album}/tracks?limit=50`],
  ['/artists/{id}', () => `/artists/${ids.artist}`],
  ['/artists/{id}/albums', () => `/artists/${ids.artist}/albums?limit=10`],
  ['/tracks/{id}', () => `/tracks/${ids.track}`],
  ['/search', () => '/search?q=harbour&type=track,album,artist,playlist&limit=10'],
];

test('lists have the fields of a page, and entries what we read', async () => {
  for (const path of ['/me/playlists', '/me/tracks', '/me/albums']) {
    const { status, body } = await get(`${path}?limit=2&offset=1`);
    assert.equal(status, 200, path);
    assert.equal(body.limit, 2, path);
    assert.equal(body.offset, 1, path);
    assert.equal(body.items.length, 2, path);
    assert.ok(Number.isInteger(body.total), path);
  }
  const { body } = await get(`/tracks/${ids.track}`);
  for (const field of [
    'id',
    'name',
    'uri',
    'type',
    'artists',
    'album',
    'duration_ms',
    'explicit',
    'external_urls',
  ])
    assert.ok(field in body, field);
});

test('limits and errors are Spotify’s', async () => {
  assert.equal((await get('/search?q=a&type=track&limit=11')).status, 400);
  assert.equal((await get('/me/tracks?limit=51')).status, 400);
  const missing = await get('/albums/0000000000000000000000');
  assert.equal(missing.status, 404);
  assert.equal(missing.body.error.status, 404);
  const denied = await fetch(`${emulator.url}/v1/me`);
  assert.equal(denied.status, 401);
  assert.equal((await denied.json()).error.status, 401);
});

test(
  'every answer validates against Spotify’s description',
  { skip: file ? false : 'SPOTIFY_OPENAPI_FILE is not set' },
  async () => {
    const description = parse(await readFile(file ?? '', 'utf8'));
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
    formats.default(ajv);
    ajv.addSchema(nullable(description), 'spotify');
    const failures = [];
    for (const [path, ask] of reads) {
      const content = description.paths[path]?.get?.responses?.['200'];
      assert.ok(content, `${path} is not in the description`);
      const { status, body } = await get(ask());
      assert.equal(status, 200, path);
      const pointer = `spotify#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/get/responses/200`;
      const resolved = content.$ref
        ? `spotify${content.$ref}/content/application~1json/schema`
        : `${pointer}/content/application~1json/schema`;
      const valid = ajv.validate({ $ref: encodeURI(resolved) }, body);
      if (!valid) failures.push(`${path}: ${ajv.errorsText(ajv.errors?.slice(0, 3))}`);
    }
    assert.deepEqual(failures, []);
  },
);

// Where Spotify itself differs from its description since February 2026: fields apps in development mode no longer
// get, and places that are null although the description forgets to say so.
const gone = new Set([
  'available_markets',
  'label',
  'popularity',
  'album_group',
  'external_ids',
  'followers',
  'genres',
]);
const may_be_null = new Set([
  'next',
  'previous',
  'after',
  'before',
  'context',
  'currently_playing',
  'added_by',
]);

/** OpenAPI 3.0's `nullable` as JSON Schema says it, and those differences. @param {any} schema @returns {any} */
function nullable(schema) {
  if (Array.isArray(schema)) return schema.map(nullable);
  if (schema === null || typeof schema !== 'object') return schema;
  const out = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, nullable(value)]));
  if (out.nullable === true && typeof out.type === 'string') out.type = [out.type, 'null'];
  delete out.nullable;
  if (Array.isArray(out.required)) out.required = out.required.filter((name) => !gone.has(name));
  for (const [name, property] of Object.entries(out.properties ?? {}))
    if (may_be_null.has(name)) out.properties[name] = { anyOf: [{ type: 'null' }, property] };
  return out;
}
