// What no log may say: secrets that tests gave to a server, and cookies it gave to them. Every server a test
// starts has its whole log searched for all of them when it ends.

/** Shorter ones would be found in words. */
const shortest = 12;
/** @type {Set<string>} */
const secrets = new Set();

/** @param {string} secret */
export function remember_secret(secret) {
  if (secret.length >= shortest) secrets.add(secret);
}

/** Those among a server's settings. @param {Record<string, string>} env */
export function remember_settings(env) {
  for (const [name, value] of Object.entries(env)) {
    if (/SECRET|PASSWORD/.test(name)) remember_secret(value);
    if (name === 'SESSION_KEYS')
      for (const key of value.split(',')) remember_secret(key.replace(/^[^:]*:/, ''));
    if (/^rediss?:/.test(value))
      remember_secret(decodeURIComponent(/:\/\/[^@/]*:([^@/]*)@/.exec(value)?.[1] ?? ''));
  }
}

/** The cookie's value, if that is what tells who somebody is. @param {string} line of Set-Cookie */
export function remember_cookie(line) {
  const value = /^(?:__Host-)?sid[^=]*=([^;]*)/.exec(line)?.[1];
  if (value) remember_secret(value);
}

/** The first that `log` says, cut short, or a token by its look. @param {string} log */
export function leaked(log) {
  for (const secret of secrets) if (log.includes(secret)) return `${secret.slice(0, 4)}… of ${secret.length}`;
  return /Bearer \S+|(?:access|refresh)_token["=: ]+[\w-]{12,}|[?&]code=[\w-]+/.exec(log)?.[0];
}
