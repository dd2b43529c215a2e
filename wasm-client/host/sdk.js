// Spotify's Web Playback SDK, or the emulator's: the script, one player, its events, its tokens.

import { allow_scripts_of, script_url } from './trusted.js';

/** @typedef {import('./events.js').Dispatch} Dispatch */
/** @typedef {import('./protocol.js').CommandSdkMethod} Method */

/** @type {Record<Method, (player: Spotify.Player, value: number) => unknown>} */
const methods = {
  connect: (player) => player.connect(),
  disconnect: (player) => player.disconnect(),
  activate: (player) => player.activateElement(),
  pause: (player) => player.pause(),
  resume: (player) => player.resume(),
  next: (player) => player.nextTrack(),
  previous: (player) => player.previousTrack(),
  seek: (player, ms) => player.seek(ms),
  volume: (player, percent) => player.setVolume(percent / 100),
};

/** @type {Spotify.ErrorTypes[]} */
const failures = ['initialization_error', 'authentication_error', 'account_error', 'playback_error'];

/** @param {Dispatch} dispatch */
export function sdk_commands(dispatch) {
  /** @type {Spotify.Player | undefined} */
  let player;
  /** Asked for by the player and not yet given. @type {((token: string) => void)[]} */
  let wanting = [];
  /** @type {HTMLScriptElement | undefined} */
  let coming;

  const signal = (/** @type {import('./protocol.js').InputSdkSignal} */ name, text = '') =>
    void dispatch({ sdk_signalled: { signal: name, text } });

  /** @param {string} name @param {number} volume percent */
  function make_player(name, volume) {
    player?.disconnect();
    wanting = [];
    const made = new window.Spotify.Player({
      name,
      volume: volume / 100,
      enableMediaSession: true,
      getOAuthToken(give) {
        if (player !== made) return;
        wanting.push(give);
        signal('token_wanted');
      },
    });
    player = made;
    /** What a player that was replaced still says is not about this one. @type {typeof signal} */
    const tell = (name, text) => (player === made ? signal(name, text) : undefined);
    made.addListener('ready', ({ device_id }) => tell('ready', device_id));
    made.addListener('not_ready', ({ device_id }) => tell('not_ready', device_id));
    made.addListener('autoplay_failed', () => tell('autoplay_failed'));
    made.addListener('player_state_changed', (/** @type {Spotify.PlaybackState | null} */ state) => {
      if (player === made) dispatch({ sdk_state_changed: state ? { state: JSON.stringify(state) } : {} });
    });
    for (const kind of failures) made.addListener(kind, ({ message }) => tell(kind, message));
    Promise.resolve(made.connect()).then(
      // Nobody else says that it was in vain.
      (connected) => connected === false && tell('load_failed'),
      (error) => tell('initialization_error', String(error?.message ?? error)),
    );
  }

  return {
    /** @param {import('./protocol.js').CommandSdkStart} command */
    sdk_start({ url, name, volume }) {
      if (window.Spotify?.Player) {
        make_player(name, volume);
        return;
      }
      // A script that has not come in time may still come, and must not make a second player.
      coming?.remove();
      let made = false;
      // The script calls this when it has run, so it must be there before.
      window.onSpotifyWebPlaybackSDKReady = () => {
        if (made) return;
        made = true;
        signal('loaded');
        make_player(name, volume);
      };
      allow_scripts_of(url);
      const script = document.createElement('script');
      coming = script;
      script.src = script_url(url);
      script.async = true;
      script.onerror = () => {
        script.remove();
        if (coming === script) signal('load_failed');
      };
      document.head.append(script);
    },
    /** @param {import('./protocol.js').CommandSdkCall} command */
    sdk_call({ method, value }) {
      if (!player) return;
      // The player reports failures that matter by its events.
      Promise.resolve(methods[method](player, value)).catch((error) => console.debug('sdk', method, error));
    },
    /** @param {import('./protocol.js').CommandSdkToken} command */
    sdk_token({ access_token }) {
      const takers = wanting;
      wanting = [];
      for (const give of takers) give(access_token);
    },
  };
}
