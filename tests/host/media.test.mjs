import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { open_page, recorder } from './page.mjs';

open_page();
const { media_commands } = await import('../../wasm-client/host/media.js');

/** The browser's media session. */
class Session {
  /** @type {any} */
  metadata = null;
  playbackState = 'none';
  /** @type {Record<string, any>} */
  handlers = {};
  /** @type {any[]} */
  positions = [];
  setActionHandler(/** @type {string} */ action, /** @type {any} */ handler) {
    if (action === 'stop') throw new TypeError('not known here');
    this.handlers[action] = handler;
  }
  setPositionState(/** @type {any} */ state) {
    this.positions.push(state);
  }
}
Object.assign(globalThis, {
  MediaMetadata: class {
    constructor(/** @type {any} */ all) {
      Object.assign(this, all);
    }
  },
});

let session = new Session();
let core = recorder();
/** @type {ReturnType<typeof media_commands>['set_media']} */
let set_media;
const media = {
  title: 'T',
  artist: 'A',
  album: 'B',
  artwork: 'https://i.example/1.jpg',
  playing: true,
  position_ms: 4000,
  duration_ms: 180_000,
};
beforeEach(() => {
  session = new Session();
  Object.defineProperty(navigator, 'mediaSession', { value: session, configurable: true });
  core = recorder();
  ({ set_media } = media_commands((input) => core.dispatch(input)));
});

test('the controls show what plays, and how far', () => {
  set_media(media);
  assert.deepEqual(
    { ...session.metadata },
    { title: 'T', artist: 'A', album: 'B', artwork: [{ src: 'https://i.example/1.jpg' }] },
  );
  assert.equal(session.playbackState, 'playing');
  assert.deepEqual(session.positions, [{ duration: 180, position: 4, playbackRate: 1 }]);
  set_media({ ...media, playing: false, artwork: '' });
  assert.equal(session.playbackState, 'paused');
  assert.deepEqual(session.metadata.artwork, []);
});

test('a position is never beyond the end, and none is shown of what has no length', () => {
  set_media({ ...media, position_ms: 200_000 });
  assert.equal(session.positions.at(-1).position, 180);
  set_media({ ...media, duration_ms: 0 });
  assert.equal(session.positions.at(-1), undefined);
});

test('every control hands back what was pressed; one the browser does not know is left out', () => {
  set_media(media);
  for (const action of ['play', 'pause', 'previoustrack', 'nexttrack']) {
    session.handlers[action]({ action });
    assert.deepEqual(core.inputs.splice(0), [{ media_action: { action } }]);
  }
  session.handlers.seekto({ action: 'seekto', seekTime: 1.5004 });
  assert.deepEqual(core.inputs.splice(0), [{ media_action: { action: 'seekto', position_ms: 1500 } }]);
  assert.equal('stop' in session.handlers, false);
});

test('when nothing plays here they are cleared, and taken up again after that', () => {
  set_media(media);
  set_media({ ...media, title: '' });
  assert.equal(session.metadata, null);
  assert.equal(session.playbackState, 'none');
  assert.equal(session.positions.at(-1), undefined);
  assert.equal(session.handlers.play, null);
  set_media(media);
  assert.equal(typeof session.handlers.play, 'function');
});

test('a browser without media controls is left in peace', () => {
  Object.defineProperty(navigator, 'mediaSession', { value: undefined, configurable: true });
  assert.doesNotThrow(() => set_media(media));
});
