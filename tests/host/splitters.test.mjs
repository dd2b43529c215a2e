import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { by_id, open_page } from './page.mjs';

const window = open_page();
const { forget_widths, listen_splitters, refresh_splitters } =
  await import('../../wasm-client/host/splitters.js');

const width = (/** @type {string} */ name) => document.documentElement.style.getPropertyValue(name);
const key = (/** @type {string} */ id, /** @type {string} */ pressed) =>
  by_id(id).dispatchEvent(
    new window.KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true }),
  );

function lay_out() {
  document.documentElement.removeAttribute('style');
  document.body.innerHTML = `
    <div id="a" role="separator" aria-valuemin="72" aria-valuemax="400" aria-valuenow="280" data-splitter="--rail-width"
      data-grows="right" data-least="240" data-usual="280"></div>
    <div id="b" role="separator" aria-valuemin="280" aria-valuemax="480" aria-valuenow="320" data-splitter="--side-width"
      data-grows="left" data-usual="320"></div>`;
  refresh_splitters();
}
listen_splitters();
beforeEach(() => {
  forget_widths();
  lay_out();
});

test('arrows move a splitter, and which of them widens depends on the side', () => {
  assert.equal(key('a', 'ArrowRight'), false);
  assert.equal(width('--rail-width'), '296px');
  key('b', 'ArrowRight');
  assert.equal(width('--side-width'), '304px');
  assert.equal(by_id('b').getAttribute('aria-valuenow'), '304');
});

test('there is nothing between the narrowest useful width and the symbols', () => {
  for (let i = 0; i < 3; i++) key('a', 'ArrowLeft');
  assert.equal(width('--rail-width'), '240px');
  key('a', 'ArrowLeft');
  assert.equal(width('--rail-width'), '72px');
  key('a', 'ArrowRight');
  assert.equal(width('--rail-width'), '240px');
});

test('the ends are reached by Home and End and not passed', () => {
  key('a', 'End');
  key('a', 'ArrowRight');
  assert.equal(width('--rail-width'), '400px');
  key('a', 'Home');
  key('a', 'ArrowLeft');
  assert.equal(width('--rail-width'), '72px');
});

test('Enter folds the pane and unfolds it, a double click brings the usual width', () => {
  key('a', 'Enter');
  assert.equal(width('--rail-width'), '72px');
  key('a', 'Enter');
  assert.equal(width('--rail-width'), '280px');
  key('b', 'End');
  by_id('b').dispatchEvent(new window.MouseEvent('dblclick', { bubbles: true }));
  assert.equal(width('--side-width'), '320px');
});

test('a width is there again after a reload, until everything is removed', () => {
  key('b', 'End');
  lay_out();
  assert.equal(by_id('b').getAttribute('aria-valuenow'), '480');
  assert.equal(width('--side-width'), '480px');
  forget_widths();
  lay_out();
  assert.equal(width('--side-width'), '');
});

test('what is kept is not believed blindly', () => {
  for (const [kept, side] of [
    ['{"--side-width":99999,"--rail-width":"x"}', '480px'],
    ['null', ''],
    ['{', ''],
  ]) {
    window.localStorage.setItem('cadenza-panes', kept ?? '');
    listen_splitters();
    lay_out();
    assert.equal(width('--side-width'), side, kept);
    assert.equal(width('--rail-width'), '', kept);
  }
});

test('other keys are left alone', () => {
  assert.equal(key('a', 'n'), true);
  assert.equal(width('--rail-width'), '');
});
