// Cadenza and its peers, signed in and asked for the same, with the same upstream.

import { join } from 'node:path';

import { Page } from '../binaries/page.mjs';
import { start_emulator, start_server } from '../e2e/processes.mjs';
import { tokens_of } from '../emulator/oauth.mjs';
import { pin_measured, start_fastapi, start_redis, start_upstream } from './processes.mjs';

/**
 * What the emulator, as Spotify would, answers to whoever signed in.
 * @param {string} emulator
 */
async function record(emulator) {
  const { access_token } = await tokens_of(emulator);
  /** @param {string} path */
  const read = async (path) => {
    const answer = await fetch(emulator + path, { headers: { authorization: `Bearer ${access_token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  const playlists = await read('/v1/me/playlists?limit=40');
  return {
    '/v1/me': await read('/v1/me'),
    // Where Spotify's covers are: addresses that are not https are dropped.
    '/v1/me/playlists': playlists.replaceAll(`${emulator}/covers`, 'https://i.scdn.co/image'),
  };
}

/** @typedef {'memory' | 'redis' | 'cookie'} Store */

/**
 * The emulator signs people in; what the Web API would answer is served by nginx, so that it is never what is
 * waited for. `folder` is for everything temporary. Whatever is started here is ended by `stop`.
 * @param {string} folder
 */
export async function open_scene(folder) {
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  const stop = async () => {
    for (let ending = stops.pop(); ending; ending = stops.pop()) await ending();
  };
  /** @template {{stop: () => Promise<unknown>}} T @param {T} running */
  const keep = (running) => (stops.push(running.stop), running);
  try {
    const emulator = keep(await start_emulator(['--auto-approve', '--playlists', '60']));
    const answers = await record(emulator.url);
    const upstream = keep(await start_upstream(join(folder, 'upstream'), answers));
    const redis = keep(await start_redis(join(folder, 'redis')));
    const api = { SPOTIFY_API_URL: `${upstream.url}/v1` };

    /** @param {Store} store @param {Record<string, string>} [settings] */
    const cadenza = async (store, settings = {}) => {
      const server = keep(
        await start_server(emulator.url, {
          ...api,
          SESSION_STORE: store,
          SESSION_KEYS: `bench:${'A'.repeat(43)}=`,
          ...(store === 'redis' ? { REDIS_URL: redis.url } : {}),
          ...settings,
        }),
      );
      await pin_measured(server.pid);
      const page = new Page(server.url);
      await page.sign_in();
      return { url: server.url, pid: server.pid, page, cookie: page.cookies };
    };

    /** @param {Store} store @param {any} session as Cadenza says it */
    const fastapi = async (store, session) => {
      const server = keep(await start_fastapi({ ...api, SESSION_STORE: store, REDIS_URL: redis.url }));
      const page = new Page(server.url);
      const signed_in = await page.write('/bench/sign-in', {
        account: session.account,
        spotify_id: JSON.parse(answers['/v1/me']).id,
        name: session.user.name,
        image_url: session.user.image_url ?? null,
        access_token: 'a'.repeat(200),
        refresh_token: 'r'.repeat(130),
        scopes: session.scopes,
      });
      if (signed_in.status !== 204) throw new Error(`FastAPI: ${signed_in.status}`);
      return { url: server.url, pid: server.pid, page, cookie: page.cookies };
    };
    return { cadenza, fastapi, keep, stop, upstream_bytes: answers['/v1/me/playlists'].length };
  } catch (error) {
    await stop();
    throw error;
  }
}
