const HEADER_LINE = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(\S.*?)\s*$/;

/**
 * GraphiQL's header editor wants a JSON object. What people have at hand is the header line itself
 * (`Authorization: Bearer …`); pasted there it is merged into the object.
 */
export function pasteHeaderLines(event) {
  const editor = event.target.closest?.('section[aria-label="Headers"] .CodeMirror')?.CodeMirror;
  const pasted = editor && parseHeaderLines(event.clipboardData.getData("text/plain"));
  if (!pasted) return;
  const present = parseObject(editor.getValue());
  if (!present) return;
  event.preventDefault();
  event.stopPropagation();
  editor.setValue(JSON.stringify({ ...present, ...pasted }, null, 2));
}

/** The named values, or null when any line is not a header field (RFC 9110 section 5.1). */
export function parseHeaderLines(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const fields = lines.map((line) => HEADER_LINE.exec(line));
  if (fields.length === 0 || fields.includes(null)) return null;
  return Object.fromEntries(fields.map(([, name, value]) => [name, value]));
}

function parseObject(text) {
  if (text.trim() === "") return {};
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
