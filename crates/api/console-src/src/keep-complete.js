/**
 * Runs `complete` on the page now and after each change. Neither tool has hooks for the names and roles it leaves out,
 * so they are set on what it renders.
 */
export function keepComplete(complete) {
  new MutationObserver(complete).observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ["aria-label", "aria-selected", "class"],
  });
  complete();
}

/** Writing only what differs keeps the observer from waking itself; `null` removes. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** `setAttribute` on every element that the selector finds. */
export function setAttributes(selector, name, value) {
  document.querySelectorAll(selector).forEach((element) => setAttribute(element, name, value));
}
