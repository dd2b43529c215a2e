import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { by_id, open_page } from './page.mjs';

const window = open_page();
const { listen_sliders } = await import('../../wasm-client/host/sliders.js');
listen_sliders();

/** @type {string[]} */
let heard = [];
for (const type of ['input', 'change']) {
  document.addEventListener(type, ({ target }) =>
    heard.push(`${type} ${/** @type {HTMLInputElement} */ (target).value}`),
  );
}
beforeEach(() => {
  document.body.innerHTML = `<input id="seek" type="range" min="0" max="200000" step="1000" value="60000"
    data-step="5000" data-leap="30000"><input id="plain" type="range" min="0" max="10" value="5">`;
  heard = [];
});

/** @param {string} id @param {string} type @param {object} more @returns {boolean} whether it was not prevented */
const key = (id, type, more) =>
  by_id(id).dispatchEvent(new window.KeyboardEvent(type, { bubbles: true, cancelable: true, ...more }));

test('arrows move by the step, page keys by the leap, and one change is reported when the key is let go', () => {
  assert.equal(key('seek', 'keydown', { key: 'ArrowRight' }), false);
  key('seek', 'keydown', { key: 'ArrowRight', repeat: true });
  key('seek', 'keydown', { key: 'PageUp' });
  assert.deepEqual(heard, ['input 65000', 'input 70000', 'input 100000']);
  key('seek', 'keyup', { key: 'PageUp' });
  assert.deepEqual(heard.slice(3), ['change 100000']);
  key('seek', 'keyup', { key: 'PageUp' });
  assert.equal(heard.length, 4);
});

test('the ends are kept and reached', () => {
  key('seek', 'keydown', { key: 'Home' });
  key('seek', 'keydown', { key: 'ArrowLeft' });
  key('seek', 'keydown', { key: 'End' });
  assert.deepEqual(heard, ['input 0', 'input 0', 'input 200000']);
});

test('leaving the slider reports what was chosen', () => {
  key('seek', 'keydown', { key: 'ArrowLeft' });
  by_id('seek').dispatchEvent(new window.FocusEvent('focusout', { bubbles: true }));
  assert.deepEqual(heard, ['input 55000', 'change 55000']);
});

test('other keys, keys with a modifier and sliders without steps keep their own way', () => {
  assert.equal(key('seek', 'keydown', { key: 'n' }), true);
  assert.equal(key('seek', 'keydown', { key: 'ArrowRight', ctrlKey: true }), true);
  assert.equal(key('plain', 'keydown', { key: 'ArrowRight' }), true);
  assert.deepEqual(heard, []);
});
