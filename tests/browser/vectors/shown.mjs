// What runs inside the page: shows HTML in one way or another, does what a reader could do with it, and says what of the
// page it has taken over. Sent to the browser as text, so it refers to nothing outside of itself.

/** Shows a batch of bodies; answers the numbers of those that put themselves in the place of a name of the document. */
export async function show({ bodies, way, names }) {
  const ways = {
    /** A front end that sets the body. */
    innerHTML: (place, html) => (place.innerHTML = html),
    /** An editor that reads back what it has shown. */
    twice: (place, html) => {
      const first = document.implementation.createHTMLDocument("").createElement("div");
      first.innerHTML = html;
      place.innerHTML = first.innerHTML;
    },
    /** The parser of documents, with a document for each body in one frame. */
    written: (_, html) => {
      frame.contentDocument.open();
      frame.contentDocument.write(`<!DOCTYPE html><title>x</title><body>${html}`);
      frame.contentDocument.close();
    },
  };
  const frame = document.body.appendChild(document.createElement("iframe"));
  const taken = new Set();
  for (const { number, html } of bodies) {
    const place = document.body.appendChild(document.createElement("article"));
    ways[way](place, html);
    const [shown, root] = way === "written" ? [frame.contentDocument, frame.contentDocument] : [document, place];
    // What is on its way to run must arrive before the next document takes the frame.
    if (window.__use(root)) await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    if (window.__taken(shown, names, root)) taken.add(number);
  }
  return [...taken];
}

/** Prepares a page: `__use` does what a reader could do, `__taken` looks for names that are no longer the document's. */
export function prepare() {
  if (window.__use) return;
  const isPlain = (link) => ["http:", "https:", "mailto:", "tel:"].includes(link.protocol);
  const stay = (event) => {
    const link = event.composedPath().find((node) => node.href !== undefined && node.protocol !== undefined);
    if (link && isPlain(link)) event.preventDefault();
  };
  window.addEventListener("click", stay);
  const leadsOn = (element) =>
    ["href", "src", "data", "action", "formAction"].some((name) => {
      const address = element.getAttribute(name);
      return address !== null && URL.canParse(address, location.href) && !isPlain(new URL(address, location.href));
    });
  /** Whether something in it may still be on its way. */
  window.__use = (root) => {
    root.addEventListener("click", stay);
    const all = [...root.querySelectorAll("*")];
    // Images of styles are fetched when the page is laid out: at the latest now, where the next document replaces it.
    root.body?.getBoundingClientRect();
    for (const element of all) {
      for (const { name } of [...element.attributes]) {
        if (/^on/i.test(name)) element.dispatchEvent(new Event(name.slice(2).toLowerCase()));
      }
      if (element.matches("a[href], area[href], summary, button, input[type=submit]")) element.click();
    }
    return all.some(leadsOn);
  };
  const own = (shown) => [shown.documentElement, shown.head, shown.body];
  window.__taken = (shown, names, root) => {
    const within = (value) => value?.nodeType === Node.ELEMENT_NODE && root.contains(value) && !own(shown).includes(value);
    return names.some((name) => within(shown[name]) || within(shown.defaultView?.[name]));
  };
}
