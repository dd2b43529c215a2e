import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { by_id, open_page, until } from './page.mjs';

const window = open_page();
const { clock_text, listen_progress, position_at, refresh_progress } =
  await import('../../wasm-client/host/progress.js');
const { rows_on_screen, refresh_windows } = await import('../../wasm-client/host/window.js');
listen_progress();

/** @param {{position: number, at: number, rate: number}} data */
const attributes = ({ position, at, rate }) =>
  `data-position="${position}" data-at="${at}" data-rate="${rate}" data-duration="200000"`;

/** @param {{position: number, at: number, rate: number}} data */
function show(data) {
  document.body.innerHTML = `<input id="seek" type="range" min="0" max="200000" step="1" ${attributes(data)}>
    <time id="time" data-follows="seek" ${attributes(data)}></time><div id="bar" ${attributes(data)}></div>`;
  refresh_progress();
}
beforeEach(() => show({ position: 65_000, at: 0, rate: 0 }));

test('a position moves with its rate, from its time, and not past the end', () => {
  const data = { position: '1000', at: '5000', rate: '1', duration: '10000' };
  assert.equal(position_at(data, 7000), 3000);
  assert.equal(position_at(data, 99_000), 10_000);
  assert.equal(position_at(data, 4000), 1000);
  assert.equal(position_at({ ...data, rate: '0' }, 7000), 1000);
});

test('times read like a clock', () => {
  assert.deepEqual([0, 59_999, 65_000, 3_600_000].map(clock_text), ['0:00', '0:59', '1:05', '1:00:00']);
});

test('slider, text and bar show the position', () => {
  assert.equal(by_id('seek').value, '65000');
  assert.equal(by_id('seek').getAttribute('aria-valuetext'), '1 minute 5 seconds of 3 minutes 20 seconds');
  assert.equal(by_id('time').textContent, '1:05');
  assert.equal(Number(by_id('bar').style.getPropertyValue('--progress')), 0.325);
});

test('what plays moves by itself', async () => {
  show({ position: 0, at: Date.now(), rate: 1 });
  const share = () => Number(by_id('bar').style.getPropertyValue('--progress'));
  await until(() => share() > 0);
  show({ position: 0, at: Date.now(), rate: 0 });
});

test('a dragged slider is left alone and the time follows it until it is let go', () => {
  const seek = by_id('seek');
  seek.value = '120000';
  seek.dispatchEvent(new window.Event('input', { bubbles: true }));
  refresh_progress();
  assert.equal(seek.value, '120000');
  assert.equal(by_id('time').textContent, '2:00');
  seek.dataset.position = '120000'; // the core's answer to the change
  seek.dispatchEvent(new window.Event('change', { bubbles: true }));
  seek.dataset.position = '50000';
  refresh_progress();
  assert.equal(seek.value, '50000');
});

test('a slider let go where it was taken is free again', async () => {
  const seek = by_id('seek');
  seek.dispatchEvent(new window.Event('input', { bubbles: true }));
  seek.dataset.position = '50000';
  refresh_progress();
  assert.equal(seek.value, '65000');
  document.body.dispatchEvent(new window.Event('pointerup', { bubbles: true }));
  await until(() => seek.value === '50000');
});

test('rows on screen are those that the pane shows, cut to what there is', () => {
  const pane = { pane_top: 100, pane_bottom: 400, row: 50 };
  assert.deepEqual(rows_on_screen({ ...pane, top: 100, total: 1000 }), { first: 0, last: 6 });
  assert.deepEqual(rows_on_screen({ ...pane, top: -925, total: 1000 }), { first: 20, last: 27 });
  assert.deepEqual(rows_on_screen({ ...pane, top: -925, total: 25 }), { first: 20, last: 25 });
  assert.deepEqual(rows_on_screen({ ...pane, top: 500, total: 25 }), { first: 0, last: 0 });
});

test('a windowed list is as high as all of its rows', () => {
  document.body.innerHTML =
    '<ol id="list" data-window="50" data-first="10" data-total="100"><li></li><li></li></ol>';
  refresh_windows(() => ({ handled: false }));
  assert.equal(by_id('list').style.paddingBlockStart, '500px');
  assert.equal(by_id('list').style.paddingBlockEnd, '4400px');
});
