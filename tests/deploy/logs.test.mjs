// Every event the server logs is in docs/logs.md with its level and fields, and the reverse.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** @typedef {{level: string, fields: Set<string>}} Event */

function sources() {
  const list = ['ls-files', '-co', '--exclude-standard', '--', 'server/*.cpp', 'server/*.hpp'];
  return execFileSync('git', list, { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((name) => name && !name.startsWith('server/base/log.'))
    .map((name) => ({ name, text: readFileSync(root + name, 'utf8') }));
}

/** What is between the parenthesis at `begin` and the one that closes it. @param {string} text @param {number} begin */
function arguments_at(text, begin) {
  let depth = 0;
  for (let at = begin; at < text.length; ++at) {
    if (text[at] === '(') ++depth;
    if (text[at] === ')' && --depth === 0) return text.slice(begin + 1, at);
  }
  throw new Error('unbalanced parentheses');
}

/** Every place that logs. @returns {{name: string, event: string, level: string, fields: Set<string>}[]} */
function places() {
  const found = [];
  for (const { name, text } of sources()) {
    for (const call of text.matchAll(/\blog_?(?:\.|->)(info|warn|error|write)\(|\blog_line\(/g)) {
      const inside = arguments_at(text, call.index + call[0].length - 1);
      const event = /"([a-z_]+)"/.exec(inside)?.[1];
      const level = call[1] && call[1] !== 'write' ? call[1] : /Level::(\w+)/.exec(inside)?.[1];
      assert.ok(event && level, `${name}: an event's name and level are literals: ${inside}`);
      const fields = [...inside.matchAll(/\{\s*"([a-z_]+)"\s*,/g)].map((match) => match[1]);
      found.push({ name, event, level, fields: new Set(fields) });
    }
  }
  return found;
}

/** @returns {Map<string, Event>} a field's name ends with "?" when it is not always there */
function documented() {
  const rows = readFileSync(root + 'docs/logs.md', 'utf8').matchAll(
    /^\| `([a-z_]+)` +\| (\w+) +\| ([^|]*) \|/gm,
  );
  return new Map(
    [...rows].map(([, event, level, fields]) => [
      event,
      { level, fields: new Set([...fields.matchAll(/`([a-z_]+\??)`/g)].map((match) => match[1])) },
    ]),
  );
}

/** @returns {Map<string, Event>} */
function written() {
  const all = places();
  assert.ok(all.length > 15, `only ${all.length} places that log were found`);
  const out = new Map();
  for (const event of new Set(all.map((place) => place.event))) {
    const here = all.filter((place) => place.event === event);
    const levels = new Set(here.map((place) => place.level));
    assert.equal(levels.size, 1, `${event} is logged at several levels`);
    const fields = new Set(here.flatMap((place) => [...place.fields]));
    const always = (/** @type {string} */ field) => here.every((place) => place.fields.has(field));
    out.set(event, {
      level: [...levels][0],
      fields: new Set([...fields].map((field) => (always(field) ? field : `${field}?`))),
    });
  }
  return out;
}

const sorted = (/** @type {Map<string, Event>} */ events) =>
  [...events].map(([event, { level, fields }]) => `${event} ${level} ${[...fields].sort().join(' ')}`).sort();

test('the documented events, levels and fields are those that are written', () => {
  assert.deepEqual(sorted(documented()), sorted(written()));
});
