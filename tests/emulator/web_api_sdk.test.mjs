// Spotify's own client library, pointed at the emulator.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SpotifyApi } from '@spotify/web-api-ts-sdk';

import { start_emulator } from '../e2e/processes.mjs';
import { tokens_of } from './oauth.mjs';

/** @type {import('../e2e/processes.mjs').Running} */
let emulator;
/** @type {SpotifyApi} */
let api;

before(async () => {
  emulator = await start_emulator(['--auto-approve']);
  const tokens = await tokens_of(emulator.url);
  api = SpotifyApi.withAccessToken('cadenza-demo', tokens, {
    // The library knows one address; this one is ours.
    fetch: (input, init) =>
      fetch(String(input).replace('https://api.spotify.com/v1', `${emulator.url}/v1`), init),
  });
});
after(() => emulator.stop());

test('it reads the profile', async () => {
  const me = await api.currentUser.profile();
  assert.equal(me.type, 'user');
  assert.ok(me.display_name.length > 0);
});

test('it reads playlists and saved tracks', async () => {
  const playlists = await api.currentUser.playlists.playlists(50);
  assert.equal(playlists.total, 40);
  assert.ok(playlists.items.every((playlist) => playlist.uri.startsWith('spotify:playlist:')));
  const saved = await api.currentUser.tracks.savedTracks(50, 100);
  assert.equal(saved.total, 2000);
  assert.equal(saved.items.length, 50);
  assert.ok(saved.items[0]?.track.album.images.length);
});

test('it searches', async () => {
  const found = await api.search('harbour', ['track', 'album', 'artist', 'playlist'], undefined, 10);
  assert.ok(found.tracks.items.length > 0);
  assert.ok(found.tracks.items.length <= 10);
  await assert.rejects(() => api.search('harbour', ['track'], undefined, 20), /Invalid limit/);
});

test('it controls playback on a device', async () => {
  const { devices } = await api.player.getAvailableDevices();
  const speaker = devices.find(({ type }) => type === 'Speaker');
  assert.ok(speaker?.id);
  const saved = await api.currentUser.tracks.savedTracks(2);
  const uris = saved.items.map(({ track }) => track.uri);
  await api.player.startResumePlayback(speaker.id, undefined, uris);
  const playing = async (/** @type {(state: any) => boolean} */ wanted) => {
    for (let i = 0; i < 100; i++) {
      const state = await api.player.getPlaybackState();
      if (state && wanted(state)) return state;
      await new Promise((resolve) => setTimeout(resolve, 50)); // reads lag behind writes
    }
    throw new Error('the state never came');
  };
  const state = await playing(({ is_playing, item }) => is_playing && item?.uri === uris[0]);
  assert.equal(state.device.name, speaker.name);
  await api.player.skipToNext(speaker.id);
  await playing(({ item }) => item?.uri === uris[1]);
  await api.player.pausePlayback(speaker.id);
  await playing(({ is_playing }) => !is_playing);
});
