// What moves by itself, up to 60 times a second, without the core: position in a track. See README.md for the
// attributes. A slider that is being dragged is not fought.

/** The slider being dragged. @type {EventTarget | null} */
let dragged = null;
let running = false;

/** @param {number} ms */
export function clock_text(ms) {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** @param {number} ms */
function spoken(ms) {
  const seconds = Math.floor(ms / 1000);
  const many = (/** @type {number} */ n, /** @type {string} */ unit) => `${n} ${unit}${n === 1 ? '' : 's'}`;
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${many(minutes, 'minute')} ${many(seconds % 60, 'second')}` : many(seconds, 'second');
}

/**
 * @param {{position?: string, at?: string, rate?: string, duration?: string}} data
 * @param {number} now ms since 1970
 */
export function position_at(data, now) {
  const duration = Number(data.duration ?? 0);
  const moved = Math.max(0, now - Number(data.at ?? now)) * Number(data.rate ?? 0);
  return Math.max(0, Math.min(Number(data.position ?? 0) + moved, duration || Infinity));
}

/** @param {HTMLInputElement} slider @param {number} ms */
function show_on_slider(slider, ms) {
  const duration = Number(slider.dataset.duration ?? 0);
  slider.max = String(duration);
  const value = String(Math.round(ms));
  // Below a thousandth of the whole nobody sees it move.
  if (Math.abs(Number(slider.value) - ms) * 1000 >= duration || slider.dataset.rate !== '1')
    slider.value = value;
  const text = `${spoken(ms)} of ${spoken(duration)}`;
  if (slider.getAttribute('aria-valuetext') !== text) slider.setAttribute('aria-valuetext', text);
}

/** @param {HTMLElement} element @param {number} now */
function show(element, now) {
  let ms = position_at(element.dataset, now);
  const slider =
    element instanceof HTMLInputElement ? element : document.getElementById(element.dataset.follows ?? '');
  const by_hand = slider instanceof HTMLInputElement && dragged === slider;
  if (by_hand) ms = Number(slider.value);
  const share = (ms / (Number(element.dataset.duration) || 1)).toFixed(4);
  if (element.style.getPropertyValue('--progress') !== share) element.style.setProperty('--progress', share);
  if (element instanceof HTMLTimeElement) {
    const text = clock_text(ms);
    if (element.textContent !== text) element.textContent = text;
  } else if (element instanceof HTMLInputElement && !by_hand) {
    show_on_slider(element, ms);
  }
}

/** @returns {boolean} whether anything moves */
function show_all() {
  let moving = false;
  for (const element of document.querySelectorAll('[data-position]')) {
    show(/** @type {HTMLElement} */ (element), Date.now());
    moving ||= element.getAttribute('data-rate') === '1';
  }
  return moving && document.visibilityState === 'visible';
}

function tick() {
  running = show_all();
  if (running) requestAnimationFrame(tick);
}

/** After the page has changed: shown at once, so that new elements are never painted empty. */
export function refresh_progress() {
  if (!show_all() || running) return;
  running = true;
  requestAnimationFrame(tick);
}

export function listen_progress() {
  document.addEventListener(
    'input',
    ({ target }) => {
      if (!(target instanceof HTMLInputElement) || target.dataset.position === undefined) return;
      dragged = target;
      refresh_progress();
    },
    true,
  );
  // `change` bubbles here after the core has heard of it, whose answer moved the position already. It does not
  // come when a slider is let go where it was taken.
  const let_go = () => {
    if (!dragged) return;
    dragged = null;
    refresh_progress();
  };
  document.addEventListener('change', let_go);
  for (const end of ['pointerup', 'pointercancel', 'focusout']) {
    document.addEventListener(end, () => setTimeout(let_go), true);
  }
  document.addEventListener('visibilitychange', refresh_progress);
}
