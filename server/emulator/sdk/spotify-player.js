// A drop-in for Spotify's Web Playback SDK: the same global, methods and events. The player itself lives in an
// iframe on this script's origin, as Spotify's does; this side only passes messages.
// Source: https://developer.spotify.com/documentation/web-playback-sdk/reference
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const base = script.src.slice(0, script.src.lastIndexOf('/sdk/'));
  const origin = new URL(base).origin;
  const patience = 20_000; // ms for an answer of the iframe: one that failed to load never gives any

  class Player {
    /** @param {Spotify.PlayerInit} options */
    constructor(options) {
      if (typeof options?.getOAuthToken !== 'function')
        throw new TypeError('getOAuthToken must be a function');
      this._options = { volume: 1, enableMediaSession: false, ...options, id: '' };
      /** @type {Map<string, Set<Function>>} */
      this._listeners = new Map();
      /** @type {Map<number, (value: any) => void>} */
      this._waiting = new Map();
      this._calls = 0;
      /** @type {MessagePort | undefined} */
      this._port = undefined;
      /** @type {HTMLIFrameElement | undefined} */
      this._frame = undefined;
      /** @type {Promise<void> | undefined} */
      this._opened = undefined;
    }

    /** @returns {Promise<boolean>} */
    async connect() {
      this._opened ??= this._open();
      await this._opened;
      const token = await this._token();
      const late = new Promise((resolve) => setTimeout(resolve, patience, undefined));
      const connected = await Promise.race([this._call('connect', token), late]);
      if (connected === undefined) this.disconnect(); // the next connect() loads the iframe anew
      return Boolean(connected);
    }

    disconnect() {
      this._port?.postMessage({ method: 'disconnect' });
      this._port?.close();
      this._frame?.remove();
      this._port = undefined;
      this._frame = undefined;
      this._opened = undefined;
      this._options.id = '';
      for (const answer of this._waiting.values()) answer(null);
      this._waiting.clear();
    }

    /** @param {string} event @param {Function} callback */
    addListener(event, callback) {
      const set = this._listeners.get(event) ?? new Set();
      this._listeners.set(event, set);
      const fresh = !set.has(callback);
      set.add(callback);
      return fresh;
    }

    /** @param {string} event @param {Function} callback */
    on(event, callback) {
      return this.addListener(event, callback);
    }

    /** @param {string} event @param {Function} [callback] */
    removeListener(event, callback) {
      if (!callback) return this._listeners.delete(event);
      return this._listeners.get(event)?.delete(callback) ?? false;
    }

    getCurrentState() {
      return this._call('state');
    }
    getVolume() {
      return this._call('volume');
    }
    /** @param {number} volume */
    setVolume(volume) {
      return this._call('set_volume', Math.min(1, Math.max(0, volume)));
    }
    /** @param {string} name */
    setName(name) {
      this._options.name = name;
      return this._call('set_name', name);
    }
    pause() {
      return this._call('pause');
    }
    resume() {
      return this._call('resume');
    }
    togglePlay() {
      return this._call('toggle');
    }
    /** @param {number} position in ms */
    seek(position) {
      return this._call('seek', position);
    }
    previousTrack() {
      return this._call('previous');
    }
    nextTrack() {
      return this._call('next');
    }
    activateElement() {
      return this._call('activate');
    }

    /** @returns {Promise<void>} */
    _open() {
      const frame = document.createElement('iframe');
      frame.src = `${base}/sdk/embedded.html`;
      frame.allow = 'autoplay; encrypted-media';
      frame.title = 'Spotify Web Playback';
      frame.tabIndex = -1;
      frame.setAttribute('aria-hidden', 'true');
      frame.hidden = true;
      this._frame = frame;
      return new Promise((resolve) => {
        frame.addEventListener('load', () => {
          const channel = new MessageChannel();
          this._port = channel.port1;
          channel.port1.onmessage = ({ data }) => this._receive(data);
          const { name, volume } = this._options;
          frame.contentWindow?.postMessage({ emulator: 'open', name, volume }, origin, [channel.port2]);
          resolve(undefined);
        });
        document.body.append(frame);
      });
    }

    /** @returns {Promise<string>} */
    _token() {
      return new Promise((resolve) => this._options.getOAuthToken(resolve));
    }

    /** @param {string} method @param {any} [value] @returns {Promise<any>} */
    _call(method, value) {
      if (!this._port) return Promise.resolve(method === 'volume' ? this._options.volume : null);
      const call = ++this._calls;
      this._port.postMessage({ call, method, value });
      return new Promise((resolve) => this._waiting.set(call, resolve));
    }

    /** @param {any} message */
    async _receive(message) {
      if (message.call) {
        this._waiting.get(message.call)?.(message.value);
        this._waiting.delete(message.call);
      } else if (message.event === 'token_wanted') {
        this._port?.postMessage({ method: 'token', value: await this._token() });
      } else {
        if (message.event === 'ready') this._options.id = message.value.device_id;
        for (const callback of [...(this._listeners.get(message.event) ?? [])]) callback(message.value);
      }
    }
  }

  window.Spotify = { Player };
  const ready = /** @type {any} */ (window).onSpotifyWebPlaybackSDKReady;
  if (typeof ready !== 'function') throw new Error('onSpotifyWebPlaybackSDKReady is not defined');
  ready();
})();
