import assert from 'node:assert/strict';
import { test } from 'node:test';

import { by_id, open_page, recorder, until } from './page.mjs';

const window = open_page('<main id="main" data-pane></main>');
const { history_commands, listen_history } = await import('../../wasm-client/host/history.js');
const core = recorder();
listen_history(core.dispatch);

/** @param {number} top */
function scroll(top) {
  by_id('main').scrollTop = top;
  by_id('main').dispatchEvent(new window.Event('scroll'));
}

/** @param {number} steps */
async function go(steps) {
  const before = core.inputs.length;
  history.go(steps);
  await until(() => core.inputs.length > before);
  return core.inputs.at(-1).navigated;
}

test('navigation changes the address without loading, and back brings page and scroll position', async () => {
  scroll(340);
  history_commands.navigate({ address: '/search?q=a', replace: false });
  assert.equal(location.pathname + location.search, '/search?q=a');
  by_id('main').scrollTop = 0; // the new page is shorter
  history_commands.navigate({ address: '/search?q=ab', replace: true });
  scroll(80);
  assert.deepEqual(await go(-1), { address: '/library/tracks?x=1', history: true, scroll: 340 });
});

test('a page that was scrolled and left by back is found at its place by forward', async () => {
  await go(1);
  scroll(120);
  await until(() => history.state.scroll === 120);
  await go(-1);
  assert.deepEqual(await go(1), { address: '/search?q=ab', history: true, scroll: 120 });
});

test('a skip link is no move through the history, and back from it is none either', async () => {
  const address = location.pathname + location.search;
  const before = core.inputs.length;
  scroll(200);
  location.hash = '#main';
  await until(() => history.state?.scroll === 200);
  history.back();
  await until(() => location.hash === '');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(core.inputs.length, before);
  assert.equal(location.pathname + location.search, address);
  // The way back to the page before is still known.
  assert.equal((await go(-1)).address, '/library/tracks?x=1');
  await go(1);
});

test('whoever does something after back is told to the core once, so that it stops restoring', async () => {
  await go(-1);
  const before = core.inputs.length;
  document.dispatchEvent(new window.Event('wheel'));
  document.dispatchEvent(new window.Event('wheel'));
  assert.deepEqual(core.inputs.slice(before), [{ scrolled: {} }]);
  await go(1);
});

test('a page that comes back whole from the browser says so', () => {
  const before = core.inputs.length;
  for (const persisted of [false, true])
    window.dispatchEvent(new window.PageTransitionEvent('pageshow', { persisted }));
  assert.deepEqual(core.inputs.slice(before), [{ resumed: {} }]);
});

test('the pane is scrolled when no other element is named', () => {
  history_commands.scroll_to({ target: '', top: 55 });
  assert.equal(by_id('main').scrollTop, 55);
});
