// The player inside the SDK's iframe: an audio element that follows the player state the emulator keeps, by long
// poll, and reports back what the element really does.

/** @type {MessagePort | undefined} */
let port;
/** @type {{name: string, device: string, token: string, version: number, volume: number}} */
const self_ = { name: '', device: '', token: '', version: 0, volume: 1 };
/** @type {any} */
let state = null;
let connection = 0;

const base = location.pathname.slice(0, location.pathname.lastIndexOf('/sdk/'));
const audio = /** @type {HTMLAudioElement} */ (document.querySelector('audio'));
const ahead = new Audio();
ahead.preload = 'auto';

/** @param {string} event @param {any} [value] */
const emit = (event, value) => port?.postMessage({ event, value });

/** @param {string} path @param {any} body */
const post = (path, body) =>
  fetch(`${base}/sdk/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  });

/** @param {string} name @param {any} [value] */
const command = (name, value) => post(`devices/${self_.device}/command`, { name, value });

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the page sees: the emulator's state with the element's own position. */
function current() {
  if (!state) return null;
  return {
    ...state,
    position: Math.round(audio.currentTime * 1000),
    paused: audio.paused,
    timestamp: Date.now(),
  };
}

const changed = () => emit('player_state_changed', current());

async function play() {
  try {
    await audio.play();
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'NotAllowedError') {
      emit('autoplay_failed');
      await command('pause');
    } else if (/** @type {Error} */ (error).name !== 'AbortError') {
      emit('playback_error', { message: 'Cannot load the track' });
    }
  }
}

/** Makes the element follow what the emulator answered. @param {any} answer */
function follow(answer) {
  const before = state;
  state = answer.state;
  self_.volume = answer.volume / 100;
  audio.volume = self_.volume;
  if (!state) {
    audio.pause();
    if (before) changed();
    return;
  }
  const track = state.track_window.current_track;
  const source = `${base}/audio/${track.id}.wav`;
  const expected = state.position / 1000;
  if (audio.dataset.source !== source) {
    audio.dataset.source = source;
    audio.src = source;
    audio.currentTime = expected;
  } else if (Math.abs(audio.currentTime - expected) > 0.7) {
    audio.currentTime = expected;
  }
  if (state.paused) audio.pause();
  else void play();
  const [next] = state.track_window.next_tracks;
  if (next && ahead.dataset.id !== next.id) {
    ahead.dataset.id = next.id;
    ahead.src = `${base}/audio/${next.id}.wav`;
  }
  changed();
}

/** @param {number} mine the connection this loop belongs to */
async function poll(mine) {
  while (mine === connection) {
    let response;
    try {
      response = await fetch(`${base}/sdk/events?device=${self_.device}&after=${self_.version}`);
    } catch {
      await pause(1000);
      continue;
    }
    if (mine !== connection) return;
    if (response.status === 401) {
      emit('token_wanted');
      await pause(500);
    } else if (response.status === 404) {
      emit('not_ready', { device_id: self_.device });
      await register();
      return;
    } else if (response.ok) {
      const answer = await response.json();
      if (answer.version !== self_.version) {
        self_.version = answer.version;
        follow(answer);
      }
    } else {
      await pause(1000);
    }
  }
}

/** @returns {Promise<boolean>} */
async function register() {
  const mine = ++connection;
  const response = await post('devices', {
    token: self_.token,
    name: self_.name,
    volume: self_.volume * 100,
  });
  const answer = await response.json();
  if (!response.ok) {
    emit(answer.event, { message: answer.message });
    return false;
  }
  self_.device = answer.device_id;
  self_.version = 0;
  emit('ready', { device_id: self_.device });
  void poll(mine);
  return true;
}

/** @type {Record<string, (value: any) => any>} */
const methods = {
  connect(token) {
    self_.token = token;
    return register();
  },
  disconnect() {
    ++connection;
    audio.pause();
    if (self_.device) void post(`devices/${self_.device}/gone`, {});
  },
  async token(token) {
    self_.token = token;
    const response = await post(`devices/${self_.device}/token`, { token });
    if (!response.ok) emit('authentication_error', { message: 'Authentication failed' });
  },
  state: current,
  volume: () => self_.volume,
  set_volume(volume) {
    self_.volume = volume;
    audio.volume = volume;
    return command('volume', Math.round(volume * 100)).then(() => undefined);
  },
  set_name(name) {
    self_.name = name;
    return command('name', name).then(() => undefined);
  },
  pause() {
    audio.pause();
    return command('pause').then(() => undefined);
  },
  resume: () => command('resume').then(() => undefined),
  toggle: () => (audio.paused ? methods.resume(0) : methods.pause(0)),
  seek: (position) => command('seek', Math.round(position)).then(() => undefined),
  previous: () => command('previous').then(() => undefined),
  next: () => command('next').then(() => undefined),
  activate: () => undefined,
};

audio.addEventListener('ended', () => void command('ended'));
audio.addEventListener('playing', () => {
  if (!state) return;
  void command('report', Math.round(audio.currentTime * 1000));
  changed();
});
addEventListener('pagehide', () => {
  if (self_.device) navigator.sendBeacon(`${base}/sdk/devices/${self_.device}/gone`, '{}');
});

addEventListener('message', ({ data, ports: [first] }) => {
  if (data?.emulator !== 'open' || port || !first) return;
  self_.name = String(data.name);
  self_.volume = Number(data.volume);
  port = first;
  port.onmessage = async ({ data: { call, method, value } }) => {
    const result = await methods[method]?.(value);
    if (call) port?.postMessage({ call, value: result });
  };
});
