// That a log with a secret in it is noticed: the check of every other test's servers.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { leaked, remember_cookie, remember_settings } from '../support/secrets.mjs';

test('a secret is found in a log, whatever it is', () => {
  assert.equal(leaked('{"event":"request","path":"/auth/callback"}'), undefined);
  remember_settings({
    SPOTIFY_CLIENT_SECRET: 'client-secret-1',
    SESSION_KEYS: 'a:c2VjcmV0IG9mIGE,b:c2VjcmV0IG9mIGI',
    REDIS_URL: 'redis://anna:pass%20word-1234@127.0.0.1:6379',
    SPOTIFY_CLIENT_ID: 'no-secret-at-all',
  });
  remember_cookie('__Host-sid=the-name-of-a-session; Path=/; HttpOnly');
  remember_cookie('sid.1=the-second-part-of-it; Path=/');
  for (const secret of [
    'client-secret-1',
    'c2VjcmV0IG9mIGI',
    'pass word-1234',
    'the-name-of-a-session',
    'the-second-part-of-it',
    'Bearer x',
    '"access_token":"BQDx0123456789"',
    'refresh_token=AQDx0123456789',
    '/auth/callback?code=AQx&state=y',
  ])
    assert.ok(leaked(`{"event":"bug","what":"${secret}"}`), secret);
  assert.equal(leaked('client no-secret-at-all, cookie sid, redis://127.0.0.1:6379'), undefined);
});
