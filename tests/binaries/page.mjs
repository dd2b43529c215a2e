// As much of a browser as signing in needs: cookies, redirects, and the headers the app's own page sends.

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
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        origin: this.url,
        'x-cadenza': '1',
        ...(init.body ? { 'content-type': 'application/json' } : {}),
        ...init.headers,
      },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value, rest] = /^([^=]+)=([^;]*)(.*)$/.exec(cookie) ?? [];
      if (/Max-Age=0/i.test(rest ?? '')) this.#cookies.delete(name ?? '');
      else this.#cookies.set(name ?? '', value ?? '');
    }
    return answer;
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

  /** Through the accounts page, which must agree by itself. */
  async sign_in() {
    const login = await this.fetch('/auth/login?return_to=/library/tracks');
    const agreed = await fetch(login.headers.get('location') ?? '', { redirect: 'manual' });
    const done = await this.fetch(agreed.headers.get('location') ?? '');
    return done.headers.get('location');
  }
}
