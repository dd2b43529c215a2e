import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { by_id, open_page } from './page.mjs';

const window = open_page();
window.Element.prototype.scrollIntoView = () => {};
const { listen_rows } = await import('../../wasm-client/host/rows.js');
listen_rows();

beforeEach(() => {
  const row = (/** @type {number} */ n) =>
    `<li><button id="play${n}"></button><a id="artist${n}" href="/x"></a><button id="like${n}"></button></li>`;
  document.body.innerHTML = `<ul data-list>${row(1)}<li class="is-loading"></li>${row(2)}<li><button id="play3"></button></li></ul>
    <button id="outside"></button>`;
});

/** @param {string} key @param {object} [more] @returns {boolean} whether it was not prevented */
const press = (key, more = {}) =>
  /** @type {Element} */ (document.activeElement).dispatchEvent(
    new window.KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  );
const focused = () => document.activeElement?.id;

test('down and up go to the same control of the next row that has any', () => {
  by_id('like1').focus();
  assert.equal(press('ArrowDown'), false);
  assert.equal(focused(), 'like2');
  press('ArrowUp');
  assert.equal(focused(), 'like1');
});

test('a row without that control gives its first, and the ends hold', () => {
  by_id('like2').focus();
  press('ArrowDown');
  assert.equal(focused(), 'play3');
  assert.equal(press('ArrowDown'), true);
  assert.equal(focused(), 'play3');
});

test('Home and End go to the first and the last row that is there', () => {
  by_id('play2').focus();
  press('Home');
  assert.equal(focused(), 'play1');
  press('End');
  assert.equal(focused(), 'play3');
});

test('keys outside lists and with modifiers are left alone', () => {
  by_id('outside').focus();
  assert.equal(press('ArrowDown'), true);
  by_id('play1').focus();
  assert.equal(press('ArrowDown', { ctrlKey: true }), true);
  assert.equal(focused(), 'play1');
});
