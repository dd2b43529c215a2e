// Keys on sliders. A browser moves a slider by its finest step, which on a song is a second, and reports each press
// of a key as a change. Here the arrows move by data-step and the page keys by data-leap, and what was chosen is
// reported once, when the key is let go.

const steps = /** @type {Record<string, number>} */ ({
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
});
const leaps = /** @type {Record<string, number>} */ ({ PageDown: -1, PageUp: 1 });

/** @param {HTMLInputElement} slider @param {string} key @returns {number | undefined} */
function wanted(slider, key) {
  const { step, leap } = slider.dataset;
  if (step && key in steps) return Number(slider.value) + (steps[key] ?? 0) * Number(step);
  if (leap && key in leaps) return Number(slider.value) + (leaps[key] ?? 0) * Number(leap);
  if (key === 'Home') return Number(slider.min);
  if (key === 'End') return Number(slider.max);
  return undefined;
}

export function listen_sliders() {
  /** @type {HTMLInputElement | null} */
  let moved = null;
  const commit = () => {
    const slider = moved;
    moved = null;
    slider?.dispatchEvent(new Event('change', { bubbles: true }));
  };
  document.addEventListener(
    'keydown',
    (event) => {
      const slider = event.target;
      if (!(slider instanceof HTMLInputElement) || slider.type !== 'range') return;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const value = wanted(slider, event.key);
      if (value === undefined) return;
      event.preventDefault();
      slider.value = String(value); // kept between min and max by the browser
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      moved = slider;
    },
    true,
  );
  document.addEventListener('keyup', commit, true);
  document.addEventListener('focusout', commit, true);
}
