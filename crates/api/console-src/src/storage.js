/**
 * Local storage without secrets. GraphiQL keeps the headers of every query it remembers (its history ignores
 * `shouldPersistHeaders`), which would leave bearer tokens on a shared office computer.
 */
export function createStorage(inner) {
  return {
    get length() {
      return inner.length;
    },
    key: (index) => inner.key(index),
    getItem: (name) => inner.getItem(name),
    setItem: (name, value) => inner.setItem(name, withoutHeaders(value)),
    removeItem: (name) => inner.removeItem(name),
    clear: () => inner.clear(),
  };
}

function withoutHeaders(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value !== "object" || value === null) return text;
  return JSON.stringify(value, (key, member) => (key === "headers" ? undefined : member));
}
