// The emulator's answers against Spotify's own OpenAPI description, which is not part of this project:
// SPOTIFY_OPENAPI_FILE names a copy. The shapes we rely on are checked always.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { parse } from 'yaml';

import { start_emulator } from '../e2e/processes.mjs';
import { tokens_of } from './oauth.mjs';
import { validator } from './openapi.mjs';

const file = process.env.SPOTIFY_OPENAPI_FILE;

/** @type {import('../e2e/processes.mjs').Running} */
let emulator;
let token = '';
/** Ids and URIs to ask with. @type {Record<string, string>} */
const ids = {};

/**
 * @param {string} method @param {string} path @param {any} [body] text is sent as it is, as a picture
 * @returns {Promise<{status: number, body: any}>}
 */
async function call(method, path, body) {
  const picture = typeof body === 'string';
  const response = await fetch(`${emulator.url}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': picture ? 'image/jpeg' : 'application/json',
    },
    ...(body === undefined ? {} : { body: picture ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** @param {string} path */
const get = (path) => call('GET', path);

before(async () => {
  emulator = await start_emulator(['--auto-approve', '--lag', '0']);
  token = (await tokens_of(emulator.url)).access_token;
  const [album] = (await get('/me/albums?limit=1')).body.items;
  const [show] = (await get('/me/shows?limit=1')).body.items;
  const [book] = (await get('/me/audiobooks?limit=1')).body.items;
  const [episode] = (await get('/me/episodes?limit=1')).body.items;
  const playlists = (await get('/me/playlists?limit=50')).body.items;
  const tracks = (await get('/me/tracks?limit=3')).body.items;
  const [speaker] = (await get('/me/player/devices')).body.devices;
  Object.assign(ids, {
    album: album.album.id,
    artist: album.album.artists[0].id,
    playlist: playlists[0].id,
    followed: playlists[3].id,
    mixed: playlists[4].id,
    track: tracks[0].track.id,
    other: tracks[1].track.id,
    third: tracks[2].track.id,
    show: show.show.id,
    episode: episode.episode.id,
    audiobook: book.audiobook.id,
    chapter: (await get(`/audiobooks/${book.audiobook.id}/chapters?limit=1`)).body.items[0].id,
    speaker: speaker.id,
  });
});
after(() => emulator.stop());

/** Path in the description, and how to ask for it. @type {[string, () => string][]} */
const reads = [
  ['/me', () => '/me'],
  ['/me/playlists', () => '/me/playlists?limit=50'],
  ['/me/tracks', () => '/me/tracks?limit=50'],
  ['/me/albums', () => '/me/albums?limit=50'],
  ['/me/shows', () => '/me/shows'],
  ['/me/episodes', () => '/me/episodes'],
  ['/me/audiobooks', () => '/me/audiobooks'],
  ['/me/following', () => '/me/following?type=artist&limit=50'],
  ['/me/top/artists', () => '/me/top/artists?limit=10'],
  ['/me/top/tracks', () => '/me/top/tracks?limit=10'],
  ['/me/library/contains', () => `/me/library/contains?uris=spotify:track:${ids.track}`],
  ['/playlists/{playlist_id}', () => `/playlists/${ids.playlist}`],
  ['/playlists/{playlist_id}', () => `/playlists/${ids.mixed}`],
  ['/playlists/{playlist_id}', () => `/playlists/${ids.followed}`],
  ['/playlists/{playlist_id}/items', () => `/playlists/${ids.playlist}/items?limit=50`],
  ['/playlists/{playlist_id}/items', () => `/playlists/${ids.mixed}/items?limit=50`],
  ['/playlists/{playlist_id}/images', () => `/playlists/${ids.playlist}/images`],
  ['/albums/{id}', () => `/albums/${ids.album}`],
  ['/albums/{id}/tracks', () => `/albums/${ids.album}/tracks?limit=50`],
  ['/artists/{id}', () => `/artists/${ids.artist}`],
  ['/artists/{id}/albums', () => `/artists/${ids.artist}/albums?limit=10`],
  ['/tracks/{id}', () => `/tracks/${ids.track}`],
  ['/shows/{id}', () => `/shows/${ids.show}`],
  ['/shows/{id}/episodes', () => `/shows/${ids.show}/episodes`],
  ['/episodes/{id}', () => `/episodes/${ids.episode}`],
  ['/audiobooks/{id}', () => `/audiobooks/${ids.audiobook}`],
  ['/audiobooks/{id}/chapters', () => `/audiobooks/${ids.audiobook}/chapters`],
  ['/chapters/{id}', () => `/chapters/${ids.chapter}`],
  ['/search', () => '/search?q=the&type=track,album,artist,playlist,show,episode,audiobook&limit=10'],
  ['/me/player/devices', () => '/me/player/devices'],
  ['/me/player/recently-played', () => '/me/player/recently-played?limit=20'],
  // Before and while something plays: see plays below.
  ['/me/player/queue', () => '/me/player/queue'],
];

/** What is read while something plays. @type {[string, () => string][]} */
const plays = [
  ['/me/player', () => '/me/player?additional_types=track,episode'],
  ['/me/player/currently-playing', () => '/me/player/currently-playing?additional_types=track,episode'],
  ['/me/player/queue', () => '/me/player/queue'],
];

/** @param {string} kind */
const play = async (kind) => {
  const uris = [
    `spotify:${kind}:${ids[kind]}`,
    `spotify:track:${ids.other}`,
    `spotify:episode:${ids.episode}`,
  ];
  const { status } = await call('PUT', `/me/player/play?device_id=${ids.speaker}`, { uris });
  assert.equal(status, 204);
};

test('lists have the fields of a page, and entries what we read', async () => {
  for (const path of ['/me/playlists', '/me/tracks', '/me/albums', '/me/episodes']) {
    const { status, body } = await get(`${path}?limit=2&offset=1`);
    assert.equal(status, 200, path);
    assert.equal(body.limit, 2, path);
    assert.equal(body.offset, 1, path);
    assert.equal(body.items.length, 2, path);
    assert.ok(Number.isInteger(body.total), path);
  }
  const { body } = await get(`/tracks/${ids.track}`);
  const wanted = 'id name uri type artists album duration_ms explicit external_urls';
  for (const field of wanted.split(' ')) assert.ok(field in body, field);
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

// What February 2026 took from apps in development mode.
const taken = {
  track: ['available_markets', 'linked_from', 'popularity'],
  album: ['album_group', 'available_markets', 'label', 'popularity'],
  artist: ['followers', 'popularity'],
  user: ['country', 'email', 'explicit_content', 'followers', 'product'],
  show: ['available_markets', 'publisher'],
  audiobook: ['available_markets', 'publisher'],
  chapter: ['available_markets'],
  playlist: ['tracks'],
};

/** Every object below with one of these types. @param {any} value @param {(object: any) => void} visit */
function walk(value, visit) {
  if (Array.isArray(value)) value.forEach((one) => walk(one, visit));
  else if (value && typeof value === 'object') {
    if (typeof value.type === 'string') visit(value);
    Object.values(value).forEach((one) => walk(one, visit));
  }
}

test('no answer has the fields that were taken away', async () => {
  /** @type {Set<string>} */
  const seen = new Set();
  await play('track');
  for (const [, ask] of [...reads, ...plays])
    walk((await get(ask())).body, (object) => {
      const kind = 'chapter_number' in object ? 'chapter' : object.type; // Spotify calls it an episode
      seen.add(kind);
      const gone = taken[/** @type {keyof typeof taken} */ (kind)] ?? [];
      for (const field of gone) assert.ok(!(field in object), `${ask()}: ${kind}.${field}`);
    });
  for (const type of Object.keys(taken)) assert.ok(seen.has(type), `${type} was met`);
});

test('the contents of a playlist that is only followed are not there', async () => {
  const { body } = await get(`/playlists/${ids.followed}`);
  assert.equal(body.type, 'playlist');
  assert.ok(!('items' in body));
  assert.ok(!('tracks' in body));
  assert.equal((await get(`/playlists/${ids.followed}/items`)).status, 403);
});

test('a file of somebody’s own has neither id nor address', async () => {
  const { body } = await get(`/playlists/${ids.mixed}/items?limit=50`);
  const { item } = body.items.find((/** @type {any} */ entry) => entry.is_local);
  for (const object of [item, item.album, item.artists[0]]) {
    assert.equal(object.id, null);
    assert.equal(object.href, null);
    assert.deepEqual(object.external_urls, {});
  }
  assert.match(item.uri, /^spotify:local:/);
  assert.ok(body.items.some((/** @type {any} */ entry) => entry.item === null));
  assert.ok(body.items.some((/** @type {any} */ entry) => entry.item?.type === 'episode'));
});

/** Method, path in the description, how to ask, and with what. @type {[string, string, () => string, () => any][]} */
const writes = [
  ['PUT', '/me/library', () => `/me/library?uris=spotify:track:${ids.track}`, () => undefined],
  ['DELETE', '/me/library', () => `/me/library?uris=spotify:show:${ids.show}`, () => undefined],
  ['POST', '/me/playlists', () => '/me/playlists', () => ({ name: 'Made by a test', public: false })],
  ['PUT', '/playlists/{playlist_id}', () => `/playlists/${ids.made}`, () => ({ name: 'Renamed' })],
  [
    'POST',
    '/playlists/{playlist_id}/items',
    () => `/playlists/${ids.made}/items`,
    () => ({ uris: [`spotify:track:${ids.track}`, `spotify:episode:${ids.episode}`] }),
  ],
  [
    'PUT',
    '/playlists/{playlist_id}/items',
    () => `/playlists/${ids.made}/items`,
    () => ({ range_start: 0, insert_before: 2 }),
  ],
  [
    'DELETE',
    '/playlists/{playlist_id}/items',
    () => `/playlists/${ids.made}/items`,
    () => ({ items: [{ uri: `spotify:track:${ids.track}` }] }),
  ],
  [
    'PUT',
    '/playlists/{playlist_id}/images',
    () => `/playlists/${ids.made}/images`,
    () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]).toString('base64'),
  ],
  [
    'PUT',
    '/me/player/play',
    () => `/me/player/play?device_id=${ids.speaker}`,
    () => ({ context_uri: `spotify:album:${ids.album}` }),
  ],
  ['PUT', '/me/player/shuffle', () => '/me/player/shuffle?state=true', () => undefined],
  ['PUT', '/me/player/repeat', () => '/me/player/repeat?state=context', () => undefined],
  ['PUT', '/me/player/volume', () => '/me/player/volume?volume_percent=30', () => undefined],
  ['PUT', '/me/player/seek', () => '/me/player/seek?position_ms=1000', () => undefined],
  ['POST', '/me/player/queue', () => `/me/player/queue?uri=spotify:track:${ids.third}`, () => undefined],
  ['POST', '/me/player/next', () => '/me/player/next', () => undefined],
  ['POST', '/me/player/previous', () => '/me/player/previous', () => undefined],
  ['PUT', '/me/player/pause', () => '/me/player/pause', () => undefined],
  ['PUT', '/me/player', () => '/me/player', () => ({ device_ids: [ids.speaker], play: true })],
];

/** Everything is asked for once. @returns {Promise<[string, string, {status: number, body: any}][]>} */
async function answers() {
  /** @type {[string, string, {status: number, body: any}][]} */
  const out = [];
  for (const [path, ask] of reads) out.push(['get', path, await get(ask())]);
  for (const kind of ['track', 'episode']) {
    await play(kind);
    for (const [path, ask] of plays) out.push(['get', path, await get(ask())]);
  }
  for (const [method, path, ask, body] of writes) {
    const answer = await call(method, ask(), body());
    if (path === '/me/playlists') ids.made = answer.body.id;
    out.push([method.toLowerCase(), path, answer]);
  }
  return out;
}

test('every write is answered with success', async () => {
  for (const [method, path, { status }] of await answers())
    assert.equal(Math.floor(status / 100), 2, `${method} ${path}: ${status}`);
});

test(
  'every answer validates against Spotify’s description',
  { skip: file ? false : 'SPOTIFY_OPENAPI_FILE is not set' },
  async () => {
    const description = parse(await readFile(file ?? '', 'utf8'));
    const check = validator(description);
    const checked = await answers();
    assert.deepEqual(
      checked.flatMap(([method, path, answer]) => check(method, path, answer)),
      [],
    );
    // Whatever is not marked as deprecated there is answered here, and was just checked.
    const covered = new Set(checked.map(([method, path]) => `${method} ${path}`));
    const missing = Object.entries(description.paths).flatMap(([path, operations]) =>
      ['get', 'put', 'post', 'delete']
        .filter((method) => operations[method] && !operations[method].deprecated)
        .map((method) => `${method} ${path}`)
        .filter((one) => !covered.has(one)),
    );
    assert.deepEqual(missing, []);
  },
);
