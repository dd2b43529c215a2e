// The address bar, back and forward, and where the page's pane was scrolled to at each address.

/** @typedef {import('./events.js').Dispatch} Dispatch */

const pane = () =>
  document.querySelector('[data-pane]') ?? document.scrollingElement ?? document.documentElement;

// The last position seen: by the time an address changes, the pane may already show the next page.
let seen = 0;
let timer = 0;
/** Where back and forward lead to, so that a late scroll of the page left is not kept there. */
let entry = 0;
let current = '';
/** Since the last move through the history nobody has done anything: the core may still scroll. */
let restoring = false;

const address_now = () => location.pathname + location.search;

const keep = () => history.replaceState({ ...history.state, scroll: seen }, '');

/** @param {Dispatch} dispatch */
export function listen_history(dispatch) {
  history.scrollRestoration = 'manual';
  entry = history.state?.entry ?? 0;
  current = address_now();
  document.addEventListener(
    'scroll',
    (event) => {
      if (event.target !== pane() && event.target !== document) return;
      const at = entry;
      seen = Math.round(pane().scrollTop);
      clearTimeout(timer);
      // Browsers limit how often the history may be written.
      timer = window.setTimeout(() => at === entry && keep(), 120);
    },
    { capture: true, passive: true },
  );
  addEventListener('popstate', (event) => {
    const state = event.state ?? {};
    clearTimeout(timer);
    // A skip link: its entry is the page's own, and the browser has moved the focus already.
    if (address_now() === current && (!event.state || (state.entry ?? 0) === entry)) {
      history.replaceState({ entry, scroll: seen }, '');
      return;
    }
    entry = state.entry ?? 0;
    seen = state.scroll ?? 0;
    current = address_now();
    restoring = true;
    dispatch({ navigated: { address: current, history: true, scroll: seen } });
  });
  for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    document.addEventListener(
      type,
      () => void (restoring && ((restoring = false), dispatch({ scrolled: {} }))),
      {
        capture: true,
        passive: true,
      },
    );
  }
  addEventListener('pageshow', (event) => void (event.persisted && dispatch({ resumed: {} })));
}

export const history_commands = {
  /** @param {import('./protocol.js').CommandNavigate} command */
  navigate({ address, replace }) {
    clearTimeout(timer);
    if (replace) {
      history.replaceState({ ...history.state, scroll: seen }, '', address);
      current = address_now();
      return;
    }
    keep();
    entry += 1;
    seen = 0;
    history.pushState({ entry, scroll: 0 }, '', address);
    current = address_now();
  },
  /** @param {import('./protocol.js').CommandLeave} command */
  leave({ url }) {
    const target = new URL(url, location.href);
    if (/^https?:$/.test(target.protocol)) location.assign(target);
  },
  /** @param {import('./protocol.js').CommandScrollTo} command */
  scroll_to({ target, top }) {
    const element = target === '' ? pane() : document.getElementById(target);
    if (element) element.scrollTop = top;
  },
};
