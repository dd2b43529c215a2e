// As much of a browser as signing in needs: cookies, redirects, and the headers the app's own page sends.

import { once } from 'node:events';
import { get } from 'node:http';

import { remember_cookie } from '../support/secrets.mjs';

export class Page {
  /** @type {Map<string, string>} */
  #cookies = new Map();

  /** @param {string} url of the server */
  constructor(url) {
    this.url = url;
  }

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   */
  async fetch(path, init = {}) {
    const answer = await fetch(new URL(path, this.url), {
      redirect: 'manual',
      ...init,
      headers: {
        cookie: this.cookies,
        origin: this.url,
        'x-cadenza': '1',
        ...(init.body ? { 'content-type': 'application/json' } : {}),
        ...init.headers,
      },
    });
    this.#keep(answer.headers.getSetCookie());
    return answer;
  }

  /** What it would send as its Cookie header. */
  get cookies() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** @param {string[]} cookies */
  #keep(cookies) {
    for (const cookie of cookies) {
      remember_cookie(cookie);
      const [, name, value, rest] = /^([^=]+)=([^;]*)(.*)$/.exec(cookie) ?? [];
      if (/Max-Age=0/i.test(rest ?? '')) this.#cookies.delete(name ?? '');
      else this.#cookies.set(name ?? '', value ?? '');
    }
  }

  /**
   * As a link is followed: fetch() would say that a script asks, and signing in begins with a navigation.
   * @param {string} path
   * @returns {Promise<string>} where it leads
   */
  async navigate(path) {
    const request = get(new URL(path, this.url), { headers: { cookie: this.cookies }, agent: false });
    const [answer] = /** @type {[import('node:http').IncomingMessage]} */ (await once(request, 'response'));
    answer.resume();
    this.#keep(answer.headers['set-cookie'] ?? []);
    if (!answer.headers.location) throw new Error(`${path} leads nowhere: ${answer.statusCode}`);
    return answer.headers.location;
  }

  /** @param {string} path @returns {Promise<any>} */
  async read(path) {
    const answer = await this.fetch(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** @param {string} path @param {unknown} body */
  write(path, body) {
    return this.fetch(path, { method: 'POST', body: JSON.stringify(body) });
  }

  /**
   * Through the accounts page, which must agree by itself unless it is told who agrees.
   * @param {{user?: number}} [who]
   */
  async sign_in({ user } = {}) {
    const accounts = await this.navigate('/auth/login?return_to=/library/tracks');
    const form = new URLSearchParams(new URL(accounts).search);
    form.set('user', String(user));
    form.set('answer', 'agree');
    const agreed = await fetch(accounts, {
      redirect: 'manual',
      ...(user === undefined ? {} : { method: 'POST', body: form }),
    });
    return this.navigate(agreed.headers.get('location') ?? '');
  }
}
