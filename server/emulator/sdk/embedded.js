// The player inside the SDK's iframe: an audio element that follows the player state the emulator keeps, by long
// poll, and reports back what the element really does.

/** @type {MessagePort | undefined} */
let port;
/** @type {{name: string, device: string, token: string, version: number, volume: number}} */
const self_ = { name: '', device: '', token: '', version: 0, volume: 1 };
/** @type {any} */
let state = null;
/** Grows with every connect() and disconnect(): whatever belongs to an older one has ended. */
let connection = 0;
/** Nothing sounds before activateElement(): as strict as a browser can be. */
let gated = false;
/** Gives the token that was asked for. @type {((token: string) => void) | undefined} */
let give_token;

const base = location.pathname.slice(0, location.pathname.lastIndexOf('/sdk/'));
const audio = /** @type {HTMLAudioElement} */ (document.querySelector('audio'));
const ahead = new Audio();
ahead.preload = 'auto';

/** @param {string} event @param {any} [value] */
const emit = (event, value) => port?.postMessage({ event, value });

/**
 * Never throws: status 0 stands for a broken connection and for an answer that is not JSON.
 * @param {string} path @param {RequestInit} [options]
 * @returns {Promise<{status: number, body?: any}>}
 */
async function ask(path, options) {
  try {
    const response = await fetch(`${base}/sdk/${path}`, options);
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  } catch {
    return { status: 0 };
  }
}

/** @param {string} path @param {any} body */
const post = (path, body) =>
  ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  });

/** @param {string} name @param {any} [value] @returns {Promise<void>} */
const command = (name, value) =>
  post(`devices/${self_.device}/command`, { name, value }).then(() => undefined);

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A token of the page's choice, or nothing when it gives none in a minute. @returns {Promise<string>} */
function fresh_token() {
  return new Promise((resolve) => {
    give_token = resolve;
    setTimeout(() => resolve(''), 60_000);
    emit('token_wanted');
  });
}

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
    if (gated) throw new DOMException('activateElement() was not called', 'NotAllowedError');
    await audio.play();
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'NotAllowedError') {
      emit('autoplay_failed');
      await command('pause');
    } // Any other failure is an error of the element, which says so itself.
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
  let reachable = true;
  let refusals = 0;
  while (mine === connection) {
    const { status, body } = await ask(`events?device=${self_.device}&after=${self_.version}`);
    if (mine !== connection) return;
    if (status === 200 && body) {
      if (!reachable && body.harsh) return void reconnect();
      if (!reachable || refusals > 1) emit('ready', { device_id: self_.device });
      reachable = true;
      refusals = 0;
      if (body.version !== self_.version) {
        self_.version = body.version;
        follow(body);
      }
    } else if (status === 401) {
      if (refusals > 0) await pause(1000 * Math.min(refusals, 10));
      const refused = !(await renew(mine));
      if (refused && ++refusals === 2) emit('authentication_error', { message: 'Authentication failed' });
    } else if (status === 404) {
      if (reachable) emit('not_ready', { device_id: self_.device });
      return void reconnect();
    } else {
      if (reachable) emit('not_ready', { device_id: self_.device });
      reachable = false;
      await pause(1000);
    }
  }
}

/** Asks for one token and hands it on. False when it was not taken. @param {number} mine */
async function renew(mine) {
  const token = await fresh_token();
  if (mine !== connection) return true;
  self_.token = token;
  return (await post(`devices/${self_.device}/token`, { token })).status === 204;
}

/** Becomes a device: true when it is one, false when it was refused, nothing when nobody answered. @param {number} mine */
async function register(mine) {
  const { status, body } = await post('devices', {
    token: self_.token,
    name: self_.name,
    volume: self_.volume * 100,
  });
  const device = status === 200 ? body?.device_id : undefined;
  if (mine !== connection) {
    if (device) void post(`devices/${device}/gone`, {});
    return false;
  }
  if (device) {
    self_.device = device;
    self_.version = 0;
    gated = Boolean(body.gated);
    emit('ready', { device_id: device });
    void poll(mine);
    return true;
  }
  if (!body?.event) return undefined;
  emit(body.event, { message: body.message });
  return false;
}

/** After the device was lost: tries until it is one again or is told that it must not be. */
async function reconnect() {
  const mine = ++connection;
  leave();
  for (let wait = 500; mine === connection; wait = Math.min(2 * wait, 8000)) {
    const token = await fresh_token();
    if (mine !== connection) return;
    self_.token = token;
    if (token && (await register(mine)) !== undefined) return;
    await pause(wait);
  }
}

function leave() {
  if (self_.device) void post(`devices/${self_.device}/gone`, {});
  self_.device = '';
}

/** @type {Record<string, (value: any) => any>} */
const methods = {
  connect(token) {
    const mine = ++connection;
    leave();
    self_.token = token;
    return register(mine).then(Boolean);
  },
  disconnect() {
    ++connection;
    audio.pause();
    leave();
  },
  token: (token) => give_token?.(token),
  state: current,
  volume: () => self_.volume,
  set_volume(volume) {
    self_.volume = volume;
    audio.volume = volume;
    return command('volume', Math.round(volume * 100));
  },
  set_name(name) {
    self_.name = name;
    return command('name', name);
  },
  pause() {
    audio.pause();
    return command('pause');
  },
  resume: () => command('resume'),
  toggle: () => (audio.paused ? methods.resume(0) : methods.pause(0)),
  seek: (position) => command('seek', Math.round(position)),
  previous: () => command('previous'),
  next: () => command('next'),
  activate() {
    gated = false;
  },
};

audio.addEventListener('ended', () => void command('ended'));
audio.addEventListener('playing', () => {
  if (!state) return;
  void command('report', Math.round(audio.currentTime * 1000));
  changed();
});
audio.addEventListener('error', () => {
  audio.dataset.source = ''; // or it would not be loaded again
  emit('playback_error', { message: 'Cannot load the track' });
  void command('pause');
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
