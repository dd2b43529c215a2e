import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { by_id, open_page } from './page.mjs';

const window = open_page();
const { apply_patches } = await import('../../wasm-client/host/dom.js');

beforeEach(() => {
  document.body.innerHTML = `
    <section id="region"><h1 id="title">One</h1><input id="field" value="a">
      <button id="play"><i>Play</i></button>
      <ol id="list" data-list class="old"><li id="r1">1</li><li id="r2">2</li><li id="r3">3</li></ol></section>`;
});

const rows = () => [...by_id('list').children].map((row) => row.id).join(' ');

test('a morph changes what differs and keeps the elements', () => {
  const title = by_id('title');
  apply_patches([{ morph: { target: 'title', markup: '<h1 id="title" class="x">Two</h1>' } }]);
  assert.equal(by_id('title'), title);
  assert.equal(title.textContent, 'Two');
  assert.equal(title.className, 'x');
});

test('a morph of a region keeps the rows of its lists but not their attributes', () => {
  const row = by_id('r2');
  const markup =
    '<section id="region"><h1 id="title">Two</h1><ol id="list" data-list data-total="9"></ol></section>';
  apply_patches([{ morph: { target: 'region', markup } }]);
  assert.equal(rows(), 'r1 r2 r3');
  assert.equal(by_id('r2'), row);
  assert.equal(by_id('list').dataset.total, '9');
  assert.equal(by_id('list').className, '');
  assert.equal(by_id('field'), null);
});

test('a focused text field keeps its text, its caret and the focus', () => {
  const field = by_id('field');
  field.focus();
  field.value = 'typed';
  field.setSelectionRange(2, 2);
  const markup =
    '<section id="region"><p>new</p><div><input id="field" value="from the core"></div></section>';
  apply_patches([{ morph: { target: 'region', markup } }]);
  assert.equal(document.activeElement, by_id('field'));
  assert.equal(by_id('field').value, 'typed');
  assert.equal(by_id('field').selectionStart, 2);
});

test('a field without the focus takes the text of the core', () => {
  by_id('field').value = 'typed';
  apply_patches([{ morph: { target: 'field', markup: '<input id="field" value="b">' } }]);
  assert.equal(by_id('field').value, 'b');
});

test('a focused button still changes what it shows', () => {
  by_id('play').focus();
  apply_patches([
    { morph: { target: 'play', markup: '<button id="play" aria-pressed="true"><b>Pause</b></button>' } },
  ]);
  assert.equal(by_id('play').innerHTML, '<b>Pause</b>');
  assert.equal(document.activeElement, by_id('play'));
});

test('a field with an unfinished composition is not touched until it ends', () => {
  const field = by_id('field');
  const patch = { morph: { target: 'field', markup: '<input id="field" class="x" value="z">' } };
  field.dispatchEvent(new window.CompositionEvent('compositionstart', { bubbles: true }));
  apply_patches([patch]);
  assert.equal(field.className, '');
  field.dispatchEvent(new window.CompositionEvent('compositionend', { bubbles: true }));
  apply_patches([patch]);
  assert.equal(field.className, 'x');
});

test('fill replaces all rows and gives the focus back to the row that is still there', () => {
  by_id('list').innerHTML = '<li id="r1"><button id="b1">x</button></li>';
  by_id('b1').focus();
  apply_patches([
    { fill: { target: 'list', markup: '<li id="r9">9</li><li id="r1"><button id="b1">y</button></li>' } },
  ]);
  assert.equal(rows(), 'r9 r1');
  assert.equal(document.activeElement, by_id('b1'));
});

test('rows are inserted, moved and removed by id', () => {
  apply_patches([
    { insert: { target: 'list', before: 'r2', markup: '<li id="a">a</li>' } },
    { insert: { target: 'list', before: '', markup: '<li id="z">z</li>' } },
    { move: { target: 'r3', before: 'r1' } },
    { move: { target: 'r2', before: '' } },
    { remove: { target: 'a' } },
  ]);
  assert.equal(rows(), 'r3 r1 z r2');
});

test('a patch that does not fit is reported and the others still apply', (t) => {
  const report = t.mock.method(console, 'error', () => {});
  apply_patches([{ remove: { target: 'nowhere' } }, { remove: { target: 'r1' } }]);
  assert.equal(report.mock.callCount(), 1);
  assert.equal(rows(), 'r2 r3');
});

test('geometry is set through the CSSOM, survives a morph, and takes sizes and custom properties only', () => {
  const markup = '<h1 id="title" data-geometry="--columns: 4; height:12px; position:fixed">x</h1>';
  apply_patches([{ morph: { target: 'title', markup } }]);
  const { style } = by_id('title');
  assert.equal(style.getPropertyValue('--columns'), '4');
  assert.equal(style.height, '12px');
  assert.equal(style.position, '');
  apply_patches([{ morph: { target: 'title', markup: '<h1 id="title">y</h1>' } }]);
  assert.equal(style.height, '12px');
});

test('markup in text stays text', () => {
  apply_patches([{ morph: { target: 'title', markup: '<h1 id="title">&lt;img src=x&gt;</h1>' } }]);
  assert.equal(by_id('title').children.length, 0);
  assert.equal(by_id('title').textContent, '<img src=x>');
});
