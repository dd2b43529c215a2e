// Arrow keys in lists: from a row to the next, staying with the control that has the focus. Tab goes through a row.

const focusable = 'a[href], button:not(:disabled)';

/**
 * Where the focus goes from `from`: the same control of the next row that has one, or its first.
 * @param {Element} from
 * @param {string} key
 * @returns {HTMLElement | null}
 */
function next_of(from, key) {
  const row = from.closest('[data-list] > li, .rows > li');
  const list = row?.parentElement;
  if (!row || !list) return null;
  const at = [...row.querySelectorAll(focusable)].indexOf(from);
  const rows = [...list.children];
  if (key === 'ArrowUp' || key === 'End') rows.reverse();
  const rest = /^Arrow/.test(key) ? rows.slice(rows.indexOf(row) + 1) : rows;
  for (const candidate of rest) {
    const controls = candidate.querySelectorAll(focusable);
    if (controls.length > 0) return /** @type {HTMLElement} */ (controls[at] ?? controls[0]);
  }
  return null;
}

export function listen_rows() {
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (!/^(?:ArrowUp|ArrowDown|Home|End)$/.test(event.key) || !(event.target instanceof Element)) return;
      const next = next_of(event.target, event.key);
      if (!next) return;
      event.preventDefault();
      next.focus({ preventScroll: true });
      next.closest('li')?.scrollIntoView({ block: 'nearest' });
    },
    true,
  );
}
