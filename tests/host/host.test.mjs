import assert from 'node:assert/strict';
import { test } from 'node:test';

import { open_page } from './page.mjs';

open_page('<p id="text">shell</p>');
const { Host } = await import('../../wasm-client/host/host.js');

/**
 * A core that remembers its calls and answers from a list.
 * @param {object[]} replies
 */
function fake_core(replies) {
  /** @type {any[]} */
  const inputs = [];
  const core = (/** @type {string} */ json) => {
    inputs.push(JSON.parse(json).input);
    return JSON.stringify({ patches: [], commands: [], ...replies.shift() });
  };
  return { inputs, core };
}

const started = { address: '/', online: true, visible: true, touch: false, shell: '', backend: '', meta: '' };
const nothing = {
  commands: {},
  after() {},
  failed: (/** @type {unknown} */ error) => assert.fail(String(error)),
};

test('what happens before the core is there is played back once, in order, after the start', () => {
  const host = new Host();
  const { inputs, core } = fake_core([]);
  host.dispatch({ acted: { event: 'a' } });
  host.dispatch({ acted: { event: 'b' } });
  host.connect(core, nothing);
  host.start(started);
  host.dispatch({ acted: { event: 'c' } });
  assert.deepEqual(inputs, [
    { started },
    { acted: { event: 'a' } },
    { acted: { event: 'b' } },
    { acted: { event: 'c' } },
  ]);
});

test('patches are applied before commands run, and the page is told', () => {
  const host = new Host();
  /** @type {string[]} */
  const order = [];
  const patch = { morph: { target: 'text', markup: '<p id="text">new</p>' } };
  const { core } = fake_core([{ patches: [patch], commands: [{ set_title: { text: 'T' } }] }]);
  host.connect(core, {
    commands: { set_title: () => order.push(`command ${document.getElementById('text')?.textContent}`) },
    after: () => order.push('after'),
    failed: nothing.failed,
  });
  host.start(started);
  assert.deepEqual(order, ['after', 'command new']);
});

test('an input raised by a command waits until the call is carried out', () => {
  const host = new Host();
  /** @type {string[]} */
  const order = [];
  const { inputs, core } = fake_core([{ commands: [{ apply_update: {} }, { copy: { text: '' } }] }]);
  host.connect(core, {
    ...nothing,
    commands: {
      apply_update: () => void host.dispatch({ acted: { event: 'x' } }),
      copy: () => order.push(`two ${inputs.length}`),
    },
  });
  host.start(started);
  assert.deepEqual(order, ['two 1']);
  assert.deepEqual(inputs[1], { acted: { event: 'x' } });
});

test('it says whether the core answered', () => {
  const host = new Host();
  const { core } = fake_core([{}, { commands: [{ apply_update: {} }] }, {}]);
  host.connect(core, { ...nothing, commands: { apply_update() {} } });
  host.start(started);
  assert.equal(host.dispatch({ acted: { event: 'x' } }).handled, true);
  assert.equal(host.dispatch({ acted: { event: 'y' } }).handled, false);
});

test('a command that fails or is unknown is reported and the next still runs', async (t) => {
  const report = t.mock.method(console, 'error', () => {});
  const host = new Host();
  let ran = false;
  const { core } = fake_core([{ commands: [{ copy: {} }, { unknown: {} }, { apply_update: {} }] }]);
  const bad = () => {
    throw new Error('no');
  };
  host.connect(core, { ...nothing, commands: { copy: bad, apply_update: () => (ran = true) } });
  host.start(started);
  assert.equal(ran, true);
  assert.equal(report.mock.callCount(), 2);
});

test('a core that stops is reported once and asked nothing more', () => {
  const host = new Host();
  /** @type {unknown[]} */
  const failures = [];
  let calls = 0;
  const core = () => {
    calls += 1;
    throw new WebAssembly.RuntimeError('unreachable');
  };
  host.connect(core, { ...nothing, failed: (error) => failures.push(error) });
  host.start(started);
  host.dispatch({ acted: { event: 'x' } });
  assert.equal(calls, 1);
  assert.equal(failures.length, 1);
});
