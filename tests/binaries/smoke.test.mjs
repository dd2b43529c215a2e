// Both programs together, as somebody with a Spotify app runs them: one way through, and two that go wrong.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { start_emulator, start_server } from '../e2e/processes.mjs';
import { Page } from './page.mjs';

/** @type {import('../e2e/processes.mjs').Running} */
let emulator;
/** @type {import('../e2e/processes.mjs').Running} */
let server;

before(async () => {
  emulator = await start_emulator(['--auto-approve', '--liked', '60']);
  server = await start_server(emulator.url);
});
after(async () => {
  await server?.stop();
  await emulator?.stop();
});

/** @param {object} fault */
async function inject(fault) {
  const answer = await fetch(`${emulator.url}/_emulator/faults`, {
    method: 'POST',
    body: JSON.stringify(fault),
  });
  assert.ok(answer.ok, await answer.text());
}

test('sign in, list, like, and find it liked', async () => {
  const page = new Page(server.url);
  assert.deepEqual(await page.read('/api/session'), { authenticated: false });
  assert.equal((await page.fetch('/api/library/tracks')).status, 401);

  assert.equal(await page.sign_in(), `${server.url}/library/tracks`);
  const session = await page.read('/api/session');
  assert.equal(session.authenticated, true);
  const liked = await page.read('/api/library/tracks?limit=50');
  assert.equal(liked.total, 60);
  assert.equal(liked.items.length + liked.dropped, 50);

  const known = new Set(liked.items.map((/** @type {any} */ item) => item.track.id));
  const found = await page.read('/api/search?q=a&types=track');
  const other = found.tracks.items.find((/** @type {any} */ track) => !known.has(track.id));
  const uri = `spotify:track:${other.id}`;
  const edit = { id: 'smoke-test-1', change: { like: { uri } } };
  assert.equal((await page.write('/api/edits', edit)).status, 204);
  assert.deepEqual(await page.read(`/api/library/contains?uris=${uri}`), { saved: [true] });
  assert.equal((await page.write('/api/edits', { ...edit, extra: 1 })).status, 400);
});

test('a grant Spotify took back asks to sign in again', async () => {
  const page = new Page(server.url);
  await page.sign_in();
  await inject({ fault: 'expired_token', path: '/v1', count: 2 });
  await inject({ fault: 'revoked_token', path: '/accounts/api/token', count: 2 });
  const answer = await page.fetch('/api/library/tracks');
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal((await answer.json()).type, '/problems/reauthorize');
  await fetch(`${emulator.url}/_emulator/faults`, { method: 'DELETE' });
});

test("Spotify's 429 becomes a problem that says when to come back", async () => {
  const page = new Page(server.url);
  await page.sign_in();
  await inject({ fault: 'rate_limit', path: '/v1', count: 1, retry_after_s: 30 });
  const began = Date.now();
  const answer = await page.fetch('/api/library/tracks');
  assert.equal(answer.status, 429);
  const problem = await answer.json();
  assert.equal(problem.type, '/problems/rate_limited');
  assert.equal(problem.status, 429);
  assert.ok(problem.retry_at >= began + 29_000 && problem.retry_at <= Date.now() + 31_000);
  assert.ok(Number(answer.headers.get('retry-after')) >= 29);
});

test('what was logged holds no secret', () => {
  assert.doesNotMatch(server.log(), /cadenza-demo-secret|Bearer|access_token|refresh_token|code=/);
});
