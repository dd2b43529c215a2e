// Signs in at the emulator as an app does, with PKCE.

import { createHash, randomBytes } from 'node:crypto';

const scopes =
  'user-read-private user-read-email user-library-read user-library-modify user-follow-read user-follow-modify ' +
  'playlist-read-private playlist-read-collaborative playlist-modify-private playlist-modify-public user-top-read ' +
  'user-read-recently-played user-read-playback-state user-modify-playback-state user-read-currently-playing streaming ' +
  'user-read-playback-position ugc-image-upload';
const redirect_uri = 'http://127.0.0.1:9/callback';
const basic = `Basic ${Buffer.from('cadenza-demo:cadenza-demo-secret').toString('base64')}`;

/**
 * @param {string} url of an emulator started with --auto-approve
 * @returns {Promise<{access_token: string, token_type: string, expires_in: number, refresh_token: string}>}
 */
export async function tokens_of(url) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'cadenza-demo',
    response_type: 'code',
    redirect_uri,
    scope: scopes,
    state: 'state',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  const agreed = await fetch(`${url}/accounts/authorize?${query}`, { redirect: 'manual' });
  const code = new URL(agreed.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri,
    code_verifier: verifier,
  });
  const answer = await fetch(`${url}/accounts/api/token`, {
    method: 'POST',
    headers: { authorization: basic },
    body,
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.json();
}
