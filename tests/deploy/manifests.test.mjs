// What the files for platforms promise each other: times, numbers, names.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parse } from 'yaml';

import { deployed } from './support.mjs';

/** @param {{name: string, value?: string}[]} env @param {string} name */
const value_of = (env, name) => env.find((one) => one.name === name)?.value ?? '';
/** @param {string} text such as "25s" */
const seconds = (text) => {
  assert.match(text, /^\d+s?$/);
  return parseInt(text);
};

test('Kubernetes: the deployment drains, is checked, and may do next to nothing', () => {
  const { spec, metadata } = parse(deployed('kubernetes/deployment.yaml'));
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const { env } = container;
  assert.equal(spec.replicas, 2);
  assert.ok(
    pod.terminationGracePeriodSeconds >
      seconds(value_of(env, 'SHUTDOWN_DELAY')) + seconds(value_of(env, 'SHUTDOWN_DEADLINE')),
  );
  const port = container.ports[0];
  assert.equal(String(port.containerPort), value_of(env, 'PORT'));
  for (const [probe, path] of [
    ['startupProbe', '/livez'],
    ['livenessProbe', '/livez'],
    ['readinessProbe', '/readyz'],
  ])
    assert.deepEqual(container[probe ?? ''].httpGet, { path, port: port.name }, probe);
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(pod.securityContext.runAsUser, 65532);
  assert.deepEqual(pod.securityContext.seccompProfile, { type: 'RuntimeDefault' });
  assert.equal(pod.automountServiceAccountToken, false);
  assert.ok(container.resources.requests.cpu && container.resources.limits.memory);
  assert.equal(pod.topologySpreadConstraints.length, 2);
  assert.deepEqual(spec.selector.matchLabels, metadata.labels);
  for (const { labelSelector } of pod.topologySpreadConstraints)
    assert.deepEqual(labelSelector, spec.selector);
});

test('Kubernetes: the other manifests are about that deployment', () => {
  const { spec, metadata } = parse(deployed('kubernetes/deployment.yaml'));
  const { env, volumeMounts, ports } = spec.template.spec.containers[0];
  const scaler = parse(deployed('kubernetes/autoscaler.yaml')).spec;
  assert.equal(scaler.scaleTargetRef.name, metadata.name);
  assert.equal(String(scaler.maxReplicas), value_of(env, 'REPLICAS'));
  assert.ok(scaler.minReplicas >= 2);
  const service = parse(deployed('kubernetes/service.yaml'));
  assert.deepEqual(service.spec.selector, spec.selector.matchLabels);
  assert.equal(service.spec.ports[0].targetPort, ports[0].name);
  const budget = parse(deployed('kubernetes/disruption-budget.yaml')).spec;
  assert.deepEqual(budget.selector, spec.selector);
  assert.ok(budget.minAvailable < scaler.minReplicas);
  const ingress = parse(deployed('kubernetes/ingress.yaml')).spec;
  const { host, http } = ingress.rules[0];
  assert.deepEqual(http.paths[0].backend.service, { name: service.metadata.name, port: { name: 'http' } });
  assert.equal(`https://${host}/auth/callback`, value_of(env, 'SPOTIFY_REDIRECT_URI'));
  assert.deepEqual(ingress.tls[0].hosts, [host]);
  const secret = parse(deployed('kubernetes/secret.example.yaml'));
  assert.equal(secret.metadata.name, spec.template.spec.volumes[0].secret.secretName);
  for (const { name, value = '' } of env) {
    if (name.endsWith('_FILE'))
      assert.ok(value.slice(volumeMounts[0].mountPath.length + 1) in secret.stringData, name);
  }
});

test('Kubernetes: the network lets in the ingress controller, and out to names, https and Redis', () => {
  const { spec } = parse(deployed('kubernetes/network-policy.yaml'));
  assert.deepEqual(spec.policyTypes, ['Ingress', 'Egress']);
  assert.equal(spec.ingress.length, 1);
  assert.ok(spec.ingress[0].from[0].namespaceSelector);
  assert.deepEqual(spec.ingress[0].ports, [{ protocol: 'TCP', port: 8000 }]);
  const out = spec.egress.flatMap((/** @type {any} */ rule) =>
    rule.ports.map((/** @type {any} */ one) => one.port),
  );
  assert.deepEqual(
    out.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b),
    [53, 53, 443, 6379],
  );
});

test('Cloud Run: ten seconds are enough, and there are no more instances than it is told', () => {
  const { template } = parse(deployed('cloud-run/service.yaml')).spec;
  const [{ env, startupProbe, livenessProbe, ports }] = template.spec.containers;
  assert.equal(value_of(env, 'SHUTDOWN_DELAY'), '0s');
  assert.ok(seconds(value_of(env, 'SHUTDOWN_DEADLINE')) <= 8);
  assert.equal(template.metadata.annotations['autoscaling.knative.dev/maxScale'], value_of(env, 'REPLICAS'));
  assert.equal(value_of(env, 'PORT'), '', 'Cloud Run sets it');
  assert.deepEqual(startupProbe.httpGet, { path: '/readyz', port: ports[0].containerPort });
  assert.deepEqual(livenessProbe.httpGet, { path: '/livez', port: ports[0].containerPort });
});

test('Render: health, drain, and a store that throws nothing away', () => {
  const [web, store] = parse(deployed('render/render.yaml')).services;
  const value = (/** @type {string} */ key) =>
    web.envVars.find((/** @type {any} */ one) => one.key === key)?.value ?? '';
  assert.equal(web.healthCheckPath, '/readyz');
  assert.ok(
    web.maxShutdownDelaySeconds > seconds(value('SHUTDOWN_DELAY')) + seconds(value('SHUTDOWN_DEADLINE')),
  );
  assert.equal(String(web.numInstances), value('REPLICAS'));
  const redis = web.envVars.find((/** @type {any} */ one) => one.key === 'REDIS_URL');
  assert.deepEqual(redis.fromService, { type: 'keyvalue', name: store.name, property: 'connectionString' });
  assert.equal(store.maxmemoryPolicy, 'noeviction');
  assert.deepEqual(store.ipAllowList, []);
});

/** The part of TOML that fly.toml is written in: tables, arrays of tables, strings, numbers, truth. @param {string} text */
function parse_toml(text) {
  /** @type {Record<string, any>} */
  const document = {};
  let table = document;
  for (const line of text.split('\n').filter((one) => one && !one.startsWith('#'))) {
    const [, brackets, path] = /^(\[\[?)([\w.]+)\]\]?$/.exec(line) ?? [];
    if (path) {
      table = document;
      const names = path.split('.');
      for (const [index, name] of names.entries()) {
        const list = brackets === '[[' && index === names.length - 1;
        if (list) (table[name] ??= []).push({});
        table = list ? table[name].at(-1) : (table[name] ??= {});
      }
      continue;
    }
    const [, key, value] = /^(\w+) = ("[^"\\]*"|\d+|true|false)$/.exec(line) ?? [];
    assert.ok(key && value, `cannot read: ${line}`);
    table[key] = JSON.parse(value);
  }
  return document;
}

test('Fly: one machine always runs, is checked as a service, and drains', () => {
  const fly = parse_toml(deployed('fly/fly.toml'));
  assert.equal(fly.kill_signal, 'SIGTERM');
  assert.ok(fly.kill_timeout > seconds(fly.env.SHUTDOWN_DELAY) + seconds(fly.env.SHUTDOWN_DEADLINE));
  const { http_service: service } = fly;
  assert.equal(String(service.internal_port), fly.env.PORT);
  assert.equal(service.min_machines_running, 1);
  assert.equal(service.checks[0].path, '/readyz');
  assert.ok(service.concurrency.soft_limit < service.concurrency.hard_limit);
  assert.equal(fly.checks, undefined, 'those at the top level gate nothing');
  assert.ok(fly.env.ADMIN_ADDR.endsWith(`:${fly.metrics.port}`));
  assert.equal(fly.metrics.path, '/metrics');
});

test('Vercel: each path has one rule for its headers', () => {
  const { headers, rewrites } = JSON.parse(deployed('vercel/vercel.json'));
  for (const path of ['/', '/assets/main-0123456789ab.js', '/sw.js', '/sw.json', '/config.json', '/album/x'])
    assert.equal(
      headers.filter((/** @type {any} */ { source }) => new RegExp(`^${source}$`).test(path)).length,
      1,
      path,
    );
  assert.ok(rewrites.length > 0);
});
