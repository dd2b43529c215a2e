// Alert rules and dashboard: right by Prometheus' own tool, and about metrics that the server has.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = root + 'deploy/monitoring/';
const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');

const has_promtool = spawnSync('promtool', ['--version']).error === undefined;
const skip = has_promtool ? false : "promtool is not installed; it is in Debian's package prometheus";

/** @param {string[]} args */
function promtool(...args) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
}

test('the alert rules are right', { skip }, () => promtool('check', 'rules', 'alerts.yml'));
test('the alerts come and go as they should', { skip }, () => promtool('test', 'rules', 'alerts_test.yml'));

/** The server's metrics, as Prometheus knows them: histograms are three. */
function metrics_of_server() {
  const files = ['server/base/server_metrics.cpp', 'server/shared_metrics.cpp'];
  const source = files.map((file) => read(root + file)).join('\n');
  const out = new Set();
  for (const [, kind, name] of source.matchAll(
    /registry_?\.(counter|gauge|histogram)\(\s*\{\s*"([a-z_]+)"/g,
  )) {
    if (kind !== 'histogram') out.add(name);
    else for (const part of ['bucket', 'sum', 'count']) out.add(`${name}_${part}`);
  }
  assert.ok(out.size > 30, `only ${out.size} metrics were found`);
  return out;
}

/** @param {string} text */
const names_in = (text) => new Set(text.match(/\b(?:cadenza|process)_[a-z0-9_]+\b/g));

/** Recorded ones are the rules' own. @param {string} text */
const without_records = (text) => text.replace(/job:[a-z_]+:[a-z0-9_]+/g, '');

test('every reason for which a request is refused has a name in the metrics', () => {
  const declared = read(root + 'server/base/server_metrics.cpp');
  const reasons = ['guard.cpp', 'request_parser.cpp', 'connection.cpp'].flatMap((file) =>
    [...read(`${root}server/http/${file}`).matchAll(/Refusal\b[^;"]*\{[^;"]*, "([^"]+)"\}/g)].map(
      (match) => match[1],
    ),
  );
  assert.ok(reasons.length > 20, `only ${reasons.length} reasons were found`);
  for (const reason of reasons) assert.ok(declared.includes(`"${reason}"`), reason);
});

test('whoever speaks of a full Redis recommends the one policy that drops no session', () => {
  for (const path of [
    'docs/sessions.md',
    'docs/operations.md',
    'deploy/monitoring/alerts.yml',
    'server/doctor/redis.cpp',
  ]) {
    const advice = [...read(root + path).matchAll(/maxmemory-policy[`\s]+(?:of[`\s]+)?([a-z-]+)/g)];
    assert.ok(advice.length > 0, path);
    for (const [, policy] of advice) assert.equal(policy, 'noeviction', path);
    assert.doesNotMatch(read(root + path), /noeviction[`\s]+or\b/, path);
  }
});

test('the alerts are about metrics the server has', () => {
  const known = metrics_of_server();
  const expressions = [
    ...without_records(read(folder + 'alerts.yml')).matchAll(/expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)/g),
  ];
  assert.ok(expressions.length > 10);
  for (const [, folded, plain] of expressions)
    for (const name of names_in(folded ?? plain)) assert.ok(known.has(name), `alerts.yml uses ${name}`);
});

test('every alert has a test that sees it fire', () => {
  const alerts = [...read(folder + 'alerts.yml').matchAll(/- alert: (\w+)/g)].map((match) => match[1]);
  const tests = read(folder + 'alerts_test.yml');
  assert.ok(alerts.length > 5);
  for (const alert of alerts)
    assert.match(
      tests,
      new RegExp(`- alertname: ${alert}\\n\\s+eval_time: \\w+\\n\\s+exp_alerts:\\n\\s+- exp_labels`),
      alert,
    );
});

test('the dashboard shows every metric the server has, and no other', () => {
  const dashboard = JSON.parse(read(folder + 'dashboard.json'));
  const shown = new Set();
  for (const panel of dashboard.panels)
    for (const target of panel.targets ?? []) for (const name of names_in(target.expr)) shown.add(name);
  const known = metrics_of_server();
  for (const name of shown) assert.ok(known.has(name), `the dashboard shows ${name}`);
  for (const name of known)
    if (!/_(sum|count)$/.test(name)) assert.ok(shown.has(name), `the dashboard does not show ${name}`);
  const ids = dashboard.panels.map((/** @type {{id: number}} */ panel) => panel.id);
  assert.equal(new Set(ids).size, ids.length);
});
