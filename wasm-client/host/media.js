// The system's media controls: keys, headset, lock screen.

/** @typedef {import('./events.js').Dispatch} Dispatch */

/** @typedef {import('./protocol.js').CommandSetMedia} Media */

/** @type {MediaSessionAction[]} */
const actions = ['play', 'pause', 'previoustrack', 'nexttrack', 'seekto', 'stop'];

/** @param {MediaSession} session @param {Dispatch} dispatch @param {boolean} on */
function handle_actions(session, dispatch, on) {
  for (const action of actions) {
    const handler = (/** @type {MediaSessionActionDetails} */ { seekTime }) =>
      void dispatch({
        media_action:
          seekTime === undefined ? { action } : { action, position_ms: Math.round(seekTime * 1000) },
      });
    try {
      session.setActionHandler(action, on ? handler : null);
    } catch {
      // An action this browser does not know.
    }
  }
}

/** @param {MediaSession} session @param {Media} media */
function show(session, { title, artist, album, artwork, playing, position_ms, duration_ms }) {
  session.metadata = new MediaMetadata({ title, artist, album, artwork: artwork ? [{ src: artwork }] : [] });
  session.playbackState = playing ? 'playing' : 'paused';
  if (duration_ms > 0) {
    const position = Math.min(position_ms, duration_ms) / 1000;
    session.setPositionState?.({ duration: duration_ms / 1000, position, playbackRate: 1 });
  } else {
    session.setPositionState?.(); // that of the track before
  }
}

/** @param {Dispatch} dispatch */
export function media_commands(dispatch) {
  let handling = false;
  return {
    /** @param {Media} media */
    set_media(media) {
      const session = navigator.mediaSession;
      if (!session) return;
      const on = media.title !== '';
      if (on !== handling) handle_actions(session, dispatch, on);
      handling = on;
      if (on) {
        show(session, media);
      } else {
        session.metadata = null;
        session.playbackState = 'none';
        session.setPositionState?.();
      }
    },
  };
}
