// The widths of the panes, set by hand: geometry, of which the core knows nothing. A splitter is an element with
// role=separator and
//   data-splitter   the custom property it sets on the page, in CSS pixels
//   data-grows      right or left: where it must go for its pane to become wider
//   data-least      narrower than half way to aria-valuemin it snaps to that: the pane shows symbols only
//   data-usual      what a double click brings back
// Widths belong to the device, not to an account.

const key = 'cadenza-panes';
const step = 16;
/** By custom property. @type {Record<string, number>} */
let widths = {};

/** @returns {Record<string, number>} */
function read_widths() {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {}; // no storage, or not ours
  }
}

/** @param {HTMLElement} splitter @param {'now' | 'min' | 'max'} which */
const value = (splitter, which) => Number(splitter.getAttribute(`aria-value${which}`));

/** @param {HTMLElement} splitter */
const least = (splitter) => Number(splitter.dataset.least ?? value(splitter, 'min'));

/** The nearest width that the pane may have. @param {HTMLElement} splitter @param {number} width */
export function allowed(splitter, width) {
  const [min, max] = [value(splitter, 'min'), value(splitter, 'max')];
  if (width < (min + least(splitter)) / 2) return min;
  return Math.round(Math.min(max, Math.max(least(splitter), width)));
}

/** @param {HTMLElement} splitter @param {number} width */
function set_width(splitter, width) {
  const px = String(allowed(splitter, width));
  if (splitter.getAttribute('aria-valuenow') !== px) splitter.setAttribute('aria-valuenow', px);
  document.documentElement.style.setProperty(splitter.dataset.splitter ?? '', `${px}px`);
}

/** @param {HTMLElement} splitter */
function remember(splitter) {
  widths[splitter.dataset.splitter ?? ''] = value(splitter, 'now');
  try {
    localStorage.setItem(key, JSON.stringify(widths));
  } catch {
    // It lasts for this page, then.
  }
}

/** @param {HTMLElement} splitter @param {string} pressed @returns {number | undefined} */
function width_after(splitter, pressed) {
  const now = value(splitter, 'now');
  const wider = splitter.dataset.grows === 'left' ? 'ArrowLeft' : 'ArrowRight';
  if (pressed === 'Home') return value(splitter, 'min');
  if (pressed === 'End') return value(splitter, 'max');
  if (pressed === 'Enter')
    return now > value(splitter, 'min') ? value(splitter, 'min') : Number(splitter.dataset.usual);
  if (!/^Arrow(?:Left|Right)$/.test(pressed)) return undefined;
  if (pressed === wider) return now < least(splitter) ? least(splitter) : now + step;
  return now <= least(splitter) ? value(splitter, 'min') : Math.max(least(splitter), now - step);
}

/** @param {Event} event @returns {HTMLElement | null} */
const splitter_of = ({ target }) =>
  target instanceof HTMLElement && target.dataset.splitter !== undefined ? target : null;

/** @param {KeyboardEvent} event */
function on_key(event) {
  const splitter = splitter_of(event);
  if (!splitter || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const width = width_after(splitter, event.key);
  if (width === undefined) return;
  event.preventDefault();
  set_width(splitter, width);
  remember(splitter);
}

/** @param {PointerEvent} event */
function on_grip(event) {
  const splitter = splitter_of(event);
  if (!splitter || event.button !== 0) return;
  splitter.setPointerCapture(event.pointerId);
  const pane = document.getElementById(splitter.getAttribute('aria-controls') ?? '');
  const move = (/** @type {PointerEvent} */ moved) => {
    const box = pane?.getBoundingClientRect();
    if (!box) return;
    set_width(
      splitter,
      splitter.dataset.grows === 'left' ? box.right - moved.clientX : moved.clientX - box.left,
    );
  };
  const let_go = () => {
    splitter.removeEventListener('pointermove', move);
    remember(splitter);
  };
  splitter.addEventListener('pointermove', move);
  splitter.addEventListener('lostpointercapture', let_go, { once: true });
}

/** @param {Event} event */
function on_double_click(event) {
  const splitter = splitter_of(event);
  if (!splitter) return;
  set_width(splitter, Number(splitter.dataset.usual));
  remember(splitter);
}

/** After the page has changed: a splitter that has appeared stands where it was left. */
export function refresh_splitters() {
  for (const found of document.querySelectorAll('[data-splitter]')) {
    const splitter = /** @type {HTMLElement} */ (found);
    const width = widths[splitter.dataset.splitter ?? ''];
    if (Number.isFinite(width)) set_width(splitter, Number(width));
  }
}

export function listen_splitters() {
  widths = read_widths();
  document.addEventListener('keydown', on_key, true);
  document.addEventListener('pointerdown', on_grip);
  document.addEventListener('dblclick', on_double_click);
  // Or the browser begins to drag the link that comes under the pointer.
  document.addEventListener('mousedown', (event) => splitter_of(event) && event.preventDefault());
}

/** "Remove everything on this device". */
export function forget_widths() {
  widths = {};
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
