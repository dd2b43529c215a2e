// What people do in the page, as inputs of the core. One listener a kind, on the document; no event is known here.

import { is_composing, is_text_field } from './dom.js';

/** @typedef {(input: import('./protocol.js').Input) => {handled: boolean}} Dispatch */

/**
 * What an element with data-on-… holds.
 * @param {Event} event
 * @param {Element} source
 * @returns {string | undefined}
 */
function value_of(event, source) {
  if (event instanceof KeyboardEvent) return event.key;
  if (source instanceof HTMLFormElement) {
    const [first] = new FormData(source).values();
    return typeof first === 'string' ? first : undefined;
  }
  if (source instanceof HTMLInputElement && /^(checkbox|radio)$/.test(source.type))
    return String(source.checked);
  if (
    source instanceof HTMLInputElement ||
    source instanceof HTMLSelectElement ||
    source instanceof HTMLTextAreaElement
  ) {
    return source.value;
  }
  return undefined;
}

/**
 * @param {Event} event
 * @returns {{source: Element, acted: {event: string, value?: string}} | undefined}
 */
function acted(event) {
  if (!(event.target instanceof Element)) return undefined;
  const name = `data-on-${event.type === 'compositionend' ? 'input' : event.type}`;
  const source = event.target.closest(`[${name}]`);
  if (!source || source.matches(':disabled, [aria-disabled=true]')) return undefined;
  const value = value_of(event, source);
  const text = source.getAttribute(name) ?? '';
  return { source, acted: value === undefined ? { event: text } : { event: text, value } };
}

/** Whether a click asks for a new tab, a window or a download. @param {Event} event */
const is_modified = (event) =>
  event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/**
 * The page of ours that a plain click leads to.
 * @param {MouseEvent} event
 * @param {(path: string) => boolean} is_page
 * @returns {string | undefined} path and query
 */
function link_target(event, is_page) {
  if (event.button !== 0 || is_modified(event)) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return undefined;
  if (link.origin !== location.origin || !is_page(link.pathname)) return undefined;
  // The skip links stay the browser's.
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return undefined;
  return link.pathname + link.search;
}

const controls =
  'a[href], button, summary, select, [role=button], [role=option], [role=menuitem], [role=tab]';

/** Whether a key belongs to the element that has the focus, or to a dialog. @param {KeyboardEvent} event */
function is_controls_key(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (event.isComposing || event.defaultPrevented) return true;
  if (document.querySelector('dialog[open]')) return true;
  if (is_text_field(target) || target?.matches('input, select, [role=slider]')) return true;
  return (event.key === 'Enter' || event.key === ' ') && target?.closest(controls) != null;
}

/**
 * Listens to everything. Before the core is ready, `dispatch` keeps what it is given.
 * @param {Dispatch} dispatch
 * @param {(path: string) => boolean} is_page
 */
export function listen(dispatch, is_page) {
  /** @param {Event} event */
  const delegate = (event) => {
    if (event.type === 'input' && is_composing()) return false; // compositionend brings the whole
    const found = acted(event);
    if (!found) return false;
    const link = event.type === 'click' && found.source.closest('a[href]');
    if (link && is_modified(event)) return false;
    if (link || /submit|cancel/.test(event.type)) event.preventDefault();
    const { handled } = dispatch({ acted: found.acted });
    // A key that only types stays the field's.
    if (event instanceof KeyboardEvent && handled && event.key.length > 1) event.preventDefault();
    return true;
  };
  for (const type of ['input', 'change', 'submit', 'compositionend'])
    document.addEventListener(type, delegate);
  document.addEventListener('cancel', delegate, true); // does not bubble
  document.addEventListener('click', (event) => {
    // A sheet of actions is done with once one was taken.
    if (event.target instanceof Element)
      /** @type {HTMLElement | null} */
      (event.target.closest('[popover]'))?.hidePopover();
    if (delegate(event)) return;
    const address = link_target(event, is_page);
    if (address === undefined) return;
    event.preventDefault();
    dispatch({ navigated: { address, history: false, scroll: 0 } });
  });
  document.addEventListener('keydown', (event) => {
    if (delegate(event) || is_controls_key(event)) return;
    const { key, shiftKey: shift, altKey: alt } = event;
    const pressed = { key, ctrl: event.ctrlKey || event.metaKey, shift, alt };
    if (dispatch({ key_pressed: pressed }).handled) event.preventDefault();
  });
  addEventListener('online', () => dispatch({ network_changed: { online: true } }));
  addEventListener('offline', () => dispatch({ network_changed: { online: false } }));
  document.addEventListener('visibilitychange', () =>
    dispatch({ visibility_changed: { visible: document.visibilityState === 'visible' } }),
  );
}
