// Windowed lists: only some rows are in the page, the list is as high as all of them.

/** @typedef {import('./events.js').Dispatch} Dispatch */

/**
 * Which rows are on screen.
 * @param {{top: number, pane_top: number, pane_bottom: number, row: number, total: number}} geometry in CSS pixels
 */
export function rows_on_screen({ top, pane_top, pane_bottom, row, total }) {
  const clamp = (/** @type {number} */ n) => Math.max(0, Math.min(n, total));
  const first = clamp(Math.floor((pane_top - top) / row));
  return { first, last: Math.max(first, clamp(Math.ceil((pane_bottom - top) / row))) };
}

/** The nearest ancestor that scrolls. @param {Element} element @returns {Element | null} */
function scroller(element) {
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(parent).overflowY)) return parent;
  }
  return null;
}

/** What was last said of each list. @type {Map<string, string>} */
const said = new Map();
let waiting = false;

/** @param {HTMLElement} list */
function keep_height(list) {
  const row = Number(list.dataset.window);
  const first = Number(list.dataset.first ?? 0);
  const total = Number(list.dataset.total ?? 0);
  const after = Math.max(0, total - first - list.childElementCount);
  const [above, below] = [`${first * row}px`, `${after * row}px`];
  if (list.style.paddingBlockStart !== above) list.style.paddingBlockStart = above;
  if (list.style.paddingBlockEnd !== below) list.style.paddingBlockEnd = below;
}

/** @param {HTMLElement} list @param {Dispatch} dispatch */
function report(list, dispatch) {
  const pane = scroller(list)?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  const box = list.getBoundingClientRect();
  const row = Number(list.dataset.window);
  if (!(row > 0) || box.width === 0) return; // hidden
  const total = Number(list.dataset.total ?? 0);
  const rows = rows_on_screen({ top: box.top, pane_top: pane.top, pane_bottom: pane.bottom, row, total });
  const text = `${rows.first} ${rows.last} ${total}`;
  if (said.get(list.id) === text) return;
  said.set(list.id, text);
  dispatch({ window_moved: { list: list.id, ...rows } });
}

/** @returns {NodeListOf<HTMLElement>} */
const lists = () => document.querySelectorAll('[data-window]');

/** After the page has changed: heights at once, the report with the next frame. @param {Dispatch} dispatch */
export function refresh_windows(dispatch) {
  for (const list of lists()) keep_height(list);
  for (const id of said.keys()) if (!document.getElementById(id)) said.delete(id);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    for (const list of lists()) report(list, dispatch);
  });
}

/** @param {Dispatch} dispatch */
export function listen_windows(dispatch) {
  const refresh = () => void (document.querySelector('[data-window]') && refresh_windows(dispatch));
  document.addEventListener('scroll', refresh, { capture: true, passive: true });
  addEventListener('resize', refresh);
}
