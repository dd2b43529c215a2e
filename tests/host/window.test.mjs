import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { by_id, open_page, recorder, until } from './page.mjs';

const window = open_page('<main id="main" data-pane></main>');
const { listen_windows, refresh_windows, rows_on_screen } = await import('../../wasm-client/host/window.js');
const core = recorder();
listen_windows(core.dispatch);

/** jsdom has no layout: the pane is 600 pixels high and shows its content from `scrolled` on. */
let scrolled = 0;
let width = 800;

/** @param {number} top @param {number} height */
const box = (top, height) => () => ({ top, bottom: top + height, width, height });

/** @param {Record<string, string | number>} data @param {number} rows */
function show_list(data, rows) {
  const list = document.createElement('ul');
  list.id = `list-${++shown}`;
  Object.assign(list.dataset, data);
  list.innerHTML = '<li></li>'.repeat(rows);
  list.getBoundingClientRect = /** @type {any} */ (() => box(100 - scrolled, 0)());
  by_id('main').replaceChildren(list);
  return list;
}
let shown = 0;

beforeEach(() => {
  scrolled = 0;
  width = 800;
  by_id('main').style.overflowY = 'auto';
  by_id('main').getBoundingClientRect = box(0, 600);
});

/** @returns {Promise<any>} */
async function next_report() {
  const before = core.inputs.length;
  await until(() => core.inputs.length > before);
  return core.inputs.at(-1).window_moved;
}

const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

test('the rows on screen are those the pane cuts, and no more than there are', () => {
  const pane = { pane_top: 0, pane_bottom: 600, row: 50, total: 100 };
  assert.deepEqual(rows_on_screen({ ...pane, top: 0 }), { first: 0, last: 12 });
  assert.deepEqual(rows_on_screen({ ...pane, top: -25 }), { first: 0, last: 13 });
  assert.deepEqual(rows_on_screen({ ...pane, top: -4900 }), { first: 98, last: 100 });
  assert.deepEqual(rows_on_screen({ ...pane, top: 900 }), { first: 0, last: 0 });
  assert.deepEqual(rows_on_screen({ ...pane, top: -9000 }), { first: 100, last: 100 });
});

test('a list is as high as all its rows, whichever are present', () => {
  const list = show_list({ window: 50, first: 20, total: 100 }, 30);
  refresh_windows(core.dispatch);
  assert.equal(list.style.paddingBlockStart, '1000px');
  assert.equal(list.style.paddingBlockEnd, '2500px');
});

test('scrolling reports other rows once, with the next frame', async () => {
  const list = show_list({ window: 50, first: 0, total: 100 }, 30);
  refresh_windows(core.dispatch);
  assert.deepEqual(await next_report(), { list: list.id, first: 0, last: 10 });
  scrolled = 1100;
  by_id('main').dispatchEvent(new window.Event('scroll'));
  by_id('main').dispatchEvent(new window.Event('scroll'));
  assert.deepEqual(await next_report(), { list: list.id, first: 20, last: 32 });
  const before = core.inputs.length;
  by_id('main').dispatchEvent(new window.Event('scroll'));
  await frame();
  assert.equal(core.inputs.length, before);
});

test('a list that got longer is reported again, another list too', async () => {
  const list = show_list({ window: 50, first: 0, total: 5 }, 5);
  refresh_windows(core.dispatch);
  assert.deepEqual(await next_report(), { list: list.id, first: 0, last: 5 });
  list.dataset.total = '8';
  refresh_windows(core.dispatch);
  assert.deepEqual(await next_report(), { list: list.id, first: 0, last: 8 });
  const other = show_list({ window: 50, first: 0, total: 8 }, 8);
  refresh_windows(core.dispatch);
  assert.equal((await next_report()).list, other.id);
});

test('a hidden list, and one without a row height, report nothing', async () => {
  const before = core.inputs.length;
  show_list({ window: 0, total: 5 }, 5);
  refresh_windows(core.dispatch);
  await frame();
  width = 0;
  show_list({ window: 50, total: 5 }, 5);
  refresh_windows(core.dispatch);
  await frame();
  assert.equal(core.inputs.length, before);
});

test('where nothing scrolls but the page, the window is the pane', async () => {
  by_id('main').style.overflowY = 'visible';
  const list = show_list({ window: 50, first: 0, total: 100 }, 30);
  window.dispatchEvent(new window.Event('resize'));
  const last = Math.ceil((innerHeight - 100) / 50);
  assert.deepEqual(await next_report(), { list: list.id, first: 0, last });
});
