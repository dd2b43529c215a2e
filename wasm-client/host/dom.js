// Carries out patches. Nothing else in the client changes the page's structure.

import { Idiomorph } from 'idiomorph';

import { parse } from './trusted.js';

/** @typedef {import('./protocol.js').PatchCases} PatchCases */

const typed =
  'textarea, input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit])';

/** Whether people type text into it. @param {Element | null} element */
export const is_text_field = (element) =>
  element !== null &&
  (element.matches(typed) || /** @type {HTMLElement} */ (element).isContentEditable === true);

/**
 * The text field that has the focus. A browser without moveBefore takes the focus away when the library moves the
 * field, so "active" is decided before the morph.
 * @type {Element | null}
 */
let writing = null;

/** The field with an unfinished composition (an accent, an ideogram): changing it would break off the input. */
/** @type {EventTarget | null} */
let composing = null;
export const is_composing = () => composing !== null;
addEventListener('compositionstart', (event) => (composing = event.target), true);
addEventListener('compositionend', () => (composing = null), true);

/**
 * @param {Element} element
 * @param {Element} wanted
 */
function copy_attributes(element, wanted) {
  for (const { name } of [...element.attributes]) {
    if (!wanted.hasAttribute(name) && name !== 'style') element.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

const callbacks = {
  /** @type {(element: Node, wanted: Node) => boolean} */
  beforeNodeMorphed(element, wanted) {
    if (element === composing) return false;
    if (!(element instanceof Element && wanted instanceof Element)) return true;
    if (!element.hasAttribute('data-list') || element.id !== wanted.id) return true;
    copy_attributes(element, wanted);
    return false;
  },
  /** @type {(name: string, element: Element) => boolean} */
  beforeAttributeUpdated(name, element) {
    if (name === 'value' && element === writing) return false;
    // Set by the host itself: geometry, what moves by itself, open dialogs, covers that did not load.
    if (/^(?:value|max|aria-valuetext)$/.test(name) && element.hasAttribute('data-position')) return false;
    if (name === 'aria-valuenow' && element.hasAttribute('data-splitter')) return false;
    return !(
      name === 'style' ||
      name === 'data-failed' ||
      (name === 'open' && element.hasAttribute('data-modal'))
    );
  },
  /** @type {(element: Element, wanted: Node) => void} */
  afterNodeMorphed(element, wanted) {
    if (element instanceof HTMLImageElement && wanted instanceof HTMLImageElement) {
      if (element.dataset.failed !== undefined && element.dataset.failed !== element.src)
        delete element.dataset.failed;
    }
  },
};

/**
 * Makes `element` look like `wanted` and keeps what a person may have in it. The only place that knows the
 * morphing library. ignoreActiveValue keeps the library away from the active element's value and its children, so
 * it is asked for with text fields only: a pressed button must still change its icon.
 * @param {Element} element
 * @param {Element} wanted
 */
export function morph(element, wanted) {
  writing = is_text_field(document.activeElement) ? document.activeElement : null;
  Idiomorph.morph(element, wanted, {
    morphStyle: 'outerHTML',
    ignoreActiveValue: writing !== null,
    callbacks,
  });
  writing = null;
}

/** @param {string} id */
function present(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`patch for #${id}, which is not in the page`);
  return element;
}

/**
 * @param {Element} list
 * @param {string} before
 */
const place = (list, before) =>
  before === '' ? null : list.querySelector(`:scope > #${CSS.escape(before)}`);

/**
 * Runs `change` and gives the focus back when it was lost on the way to an element that is still there.
 * @param {() => void} change
 */
function keeping_focus(change) {
  const id = document.activeElement?.id;
  change();
  if (id && document.activeElement?.id !== id) document.getElementById(id)?.focus({ preventScroll: true });
}

/** @type {{[K in keyof PatchCases]: (patch: PatchCases[K]) => void}} */
const patches = {
  morph({ target, markup }) {
    const wanted = parse(markup).firstElementChild;
    if (wanted) keeping_focus(() => morph(present(target), wanted));
  },
  fill: ({ target, markup }) => keeping_focus(() => present(target).replaceChildren(parse(markup))),
  insert({ target, before, markup }) {
    const list = present(target);
    list.insertBefore(parse(markup), place(list, before));
  },
  move({ target, before }) {
    const row = present(target);
    const list = /** @type {Element & {moveBefore?: (node: Node, before: Node | null) => void}} */ (
      row.parentElement
    );
    const next = place(list, before);
    if (list.moveBefore) list.moveBefore(row, next);
    else keeping_focus(() => list.insertBefore(row, next));
  },
  remove: ({ target }) => present(target).remove(),
};

/** Custom properties, width and height only. @param {Element} element */
function set_geometry(element) {
  for (const pair of element.getAttribute('data-geometry')?.split(';') ?? []) {
    const [name = '', value = ''] = pair.split(':', 2).map((part) => part.trim());
    if (/^(--[\w-]+|width|height)$/.test(name))
      /** @type {HTMLElement} */ (element).style.setProperty(name, value);
  }
}

/** What attributes ask of the host, after the page has changed. */
export function settle() {
  for (const element of document.querySelectorAll('[data-geometry]')) set_geometry(element);
  for (const dialog of document.querySelectorAll('dialog[data-modal]:not([open])')) {
    /** @type {HTMLDialogElement} */ (dialog).showModal();
  }
}

/**
 * Applies patches in order. One that does not fit the page is reported and skipped, the others still apply.
 * @param {import('./protocol.js').Patch[]} list
 */
export function apply_patches(list) {
  for (const patch of list) {
    for (const [name, content] of Object.entries(patch)) {
      try {
        /** @type {Record<string, (patch: any) => void>} */ (patches)[name]?.(content);
      } catch (error) {
        console.error(name, error);
      }
    }
  }
  if (list.length > 0) settle();
}

// Images do not bubble their outcome. Styles show a placeholder for a cover that did not come.
addEventListener(
  'error',
  (event) => {
    if (event.target instanceof HTMLImageElement) event.target.dataset.failed = event.target.src;
  },
  true,
);
