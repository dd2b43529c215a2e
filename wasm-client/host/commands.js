// The commands that need no module of their own: fetch, timers, focus, title, announcements.

/** @typedef {import('./events.js').Dispatch} Dispatch */

/** @param {Dispatch} dispatch */
function fetch_commands(dispatch) {
  /** @type {Map<number, AbortController>} */
  const running = new Map();
  return {
    /** @param {import('./protocol.js').CommandFetch} command */
    async fetch({ id, method, url, headers, body, timeout_ms }) {
      const controller = new AbortController();
      running.set(id, controller);
      /** @type {import('./protocol.js').InputFetchFailure} */
      let failure = 'network';
      const timer = setTimeout(() => {
        failure = 'timeout';
        controller.abort();
      }, timeout_ms);
      controller.signal.addEventListener('abort', () => {
        if (failure === 'network') failure = 'aborted';
      });
      try {
        const response = await fetch(url, {
          method,
          headers: headers.map(({ name, value }) => [name, value]),
          body: body ?? null,
          credentials: 'include',
          redirect: 'error',
          cache: 'no-store',
          signal: controller.signal,
        });
        const text = await response.text();
        finish();
        dispatch({ answered: { id, status: response.status, body: text } });
      } catch {
        finish();
        dispatch({ answered: { id, status: 0, body: '', failure } });
      }
      function finish() {
        clearTimeout(timer);
        running.delete(id);
      }
    },
    /** @param {import('./protocol.js').CommandAbort} command */
    abort: ({ id }) => running.get(id)?.abort(),
  };
}

/** @param {Dispatch} dispatch */
function timer_commands(dispatch) {
  const longest = 2 ** 31 - 1; // beyond it browsers fire at once
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  const timers = new Map();
  const stop = (/** @type {string} */ timer) => {
    clearTimeout(timers.get(timer));
    timers.delete(timer);
  };
  return {
    /** @param {import('./protocol.js').CommandStartTimer} command */
    start_timer({ timer, after_ms }) {
      stop(timer);
      const fire = () => {
        timers.delete(timer);
        dispatch({ timer_fired: { timer } });
      };
      timers.set(timer, setTimeout(fire, Math.min(Math.max(after_ms, 0), longest)));
    },
    /** @param {import('./protocol.js').CommandStopTimer} command */
    stop_timer: ({ timer }) => stop(timer),
  };
}

/** Out of sight, not out of the accessibility tree. */
function announcer() {
  const found = document.getElementById('announcer');
  if (found) return found;
  const made = document.createElement('div');
  made.id = 'announcer';
  made.setAttribute('role', 'status');
  Object.assign(made.style, {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
  });
  return document.body.appendChild(made);
}

const page_commands = {
  /** @param {import('./protocol.js').CommandSetTitle} command */
  set_title({ text }) {
    document.title = text;
  },
  /** @param {import('./protocol.js').CommandFocus} command */
  focus({ target }) {
    const element = document.getElementById(target);
    if (!element) return;
    element.focus({ preventScroll: true });
    // What takes the focus by nature and did not is hidden.
    if (document.activeElement === element || element.matches('a[href], button, input')) return;
    // A heading or a region: reachable for us, not with the Tab key.
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  },
  /** @param {import('./protocol.js').CommandAnnounce} command */
  announce({ text }) {
    const region = announcer();
    region.textContent = '';
    // The same text twice is read twice only when it was gone in between.
    setTimeout(() => (region.textContent = text), 50);
  },
  /** @param {import('./protocol.js').CommandSetAttribute} command */
  set_attribute({ name, value }) {
    if (name.startsWith('data-')) document.documentElement.setAttribute(name, value);
  },
  /** @param {import('./protocol.js').CommandCopy} command */
  copy: ({ text }) =>
    navigator.clipboard?.writeText(text).catch((error) => console.warn('not copied:', error)),
};

/** @param {Dispatch} dispatch */
export const basic_commands = (dispatch) => ({
  ...fetch_commands(dispatch),
  ...timer_commands(dispatch),
  ...page_commands,
});
