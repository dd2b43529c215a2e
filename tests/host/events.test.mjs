import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { by_id, open_page, recorder } from './page.mjs';

const window = open_page();
const { listen } = await import('../../wasm-client/host/events.js');
const { page_matcher } = await import('../../wasm-client/host/pages.js');

/** @type {ReturnType<typeof recorder>} */
let core = recorder();
listen((input) => core.dispatch(input), page_matcher(['/', '/search', '/playlist/{id}']));

const id = '0123456789abcdefABCDEF';
beforeEach(() => {
  core = recorder();
  document.body.innerHTML = `
    <button id="play" data-on-click='{"x":1}'><i id="icon"></i></button>
    <button id="off" aria-disabled="true" data-on-click="off"></button>
    <input id="box" type="checkbox" data-on-change="box"><input id="field" data-on-input="typed">
    <form id="form" data-on-submit="sent"><input name="q" value="hello"></form>
    <input id="slider" type="range"><div id="keys" tabindex="0" data-on-keydown="keyed"></div>
    <a id="page" href="/playlist/${id}?a=b"><b id="inside">x</b></a><a id="login" href="/auth/login">x</a>
    <a id="acts" href="/search" data-on-click="acts">x</a><a id="far" href="https://open.spotify.com/">x</a><a id="skip" href="#main">x</a>`;
});

/** @param {string} target @param {string} type @param {object} [more] @returns {boolean} whether it was not prevented */
function send(target, type, more = {}) {
  const kind =
    type === 'click' ? window.MouseEvent : type === 'keydown' ? window.KeyboardEvent : window.Event;
  return by_id(target).dispatchEvent(new kind(type, { bubbles: true, cancelable: true, ...more }));
}

test('a click hands back the text of the nearest element that wants it, unread', () => {
  send('icon', 'click');
  assert.deepEqual(core.inputs, [{ acted: { event: '{"x":1}' } }]);
});

test('a disabled element hands back nothing', () => {
  send('off', 'click');
  assert.deepEqual(core.inputs, []);
});

test('fields, checkboxes and forms send their value', () => {
  by_id('box').checked = true;
  send('box', 'change');
  by_id('field').value = 'abc';
  send('field', 'input');
  assert.equal(send('form', 'submit'), false);
  assert.deepEqual(core.inputs, [
    { acted: { event: 'box', value: 'true' } },
    { acted: { event: 'typed', value: 'abc' } },
    { acted: { event: 'sent', value: 'hello' } },
  ]);
});

test('a composition is sent when it is finished', () => {
  by_id('field').dispatchEvent(new window.CompositionEvent('compositionstart', { bubbles: true }));
  by_id('field').value = 'に';
  send('field', 'input');
  assert.deepEqual(core.inputs, []);
  by_id('field').value = '日';
  by_id('field').dispatchEvent(new window.CompositionEvent('compositionend', { bubbles: true }));
  assert.deepEqual(core.inputs, [{ acted: { event: 'typed', value: '日' } }]);
});

test('a plain click on a page of ours navigates without loading', () => {
  assert.equal(send('inside', 'click'), false);
  assert.deepEqual(core.inputs, [
    { navigated: { address: `/playlist/${id}?a=b`, history: false, scroll: 0 } },
  ]);
});

test('other links and modified clicks are left to the browser', () => {
  for (const link of ['login', 'far', 'skip']) assert.equal(send(link, 'click'), true, link);
  assert.equal(send('inside', 'click', { ctrlKey: true }), true);
  assert.deepEqual(core.inputs, []);
});

test('a link that acts does so on a plain click only', () => {
  assert.equal(send('acts', 'click'), false);
  assert.equal(send('acts', 'click', { metaKey: true }), true);
  assert.deepEqual(core.inputs, [{ acted: { event: 'acts' } }]);
});

test('keys outside fields reach the core, and only those it answers lose their own action', () => {
  assert.equal(send('page', 'keydown', { key: 'n' }), true);
  core = recorder(true);
  assert.equal(send('page', 'keydown', { key: 'k', metaKey: true }), false);
  assert.deepEqual(core.inputs, [{ key_pressed: { key: 'k', ctrl: true, shift: false, alt: false } }]);
});

test('keys in fields and on sliders, and Space on a button, are theirs', () => {
  send('field', 'keydown', { key: 'n' });
  send('slider', 'keydown', { key: 'ArrowLeft' });
  send('play', 'keydown', { key: ' ' });
  send('box', 'keydown', { key: ' ' });
  assert.deepEqual(core.inputs, []);
  send('play', 'keydown', { key: 'n' });
  assert.equal(core.inputs.length, 1);
});

test('while a dialog is open, keys are its own', () => {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('open', '');
  document.body.append(dialog);
  send('page', 'keydown', { key: 'n' });
  assert.deepEqual(core.inputs, []);
  dialog.remove();
  send('page', 'keydown', { key: 'n' });
  assert.equal(core.inputs.length, 1);
});

test('an element that wants keys gets them as values', () => {
  core = recorder(true);
  assert.equal(send('keys', 'keydown', { key: 'ArrowDown' }), false);
  assert.deepEqual(core.inputs, [{ acted: { event: 'keyed', value: 'ArrowDown' } }]);
});
