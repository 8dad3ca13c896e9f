import { setAttribute, setAttributes } from "./keep-complete.js";

const freed = new WeakSet();

/** Names, roles and keys that GraphiQL leaves out (WCAG 2 level A: 1.3.1, 2.1.1, 2.1.2, 2.5.3, 4.1.2). */
export function completeGraphiql() {
  document.querySelectorAll(".CodeMirror").forEach(nameEditor);
  document.querySelectorAll(".CodeMirror").forEach(freeTab);
  document.querySelectorAll(".graphiql-tab").forEach(listTab);
  setAttributes(".graphiql-tabs", "role", null);
  setAttributes("#graphiql-session", "role", "region");
  setAttributes(".CodeMirror-hints", "aria-label", "Suggestions");
  setAttributes(".CodeMirror-hints", "tabindex", "0");
  setAttributes(".graphiql-history-item-label", "aria-label", null);
}

/** The hidden textarea takes the keys and the scroller scrolls; both need a keyboard, the first also a name. */
function nameEditor(editor) {
  const textarea = editor.querySelector("textarea");
  if (textarea) setAttribute(textarea, "aria-label", editorName(editor));
  editor.querySelectorAll(".CodeMirror-scroll").forEach((scroller) => setAttribute(scroller, "tabindex", "0"));
}

/** Tab indents in CodeMirror, which holds keyboard users in the editor. `false` hands the key to the browser. */
function freeTab({ CodeMirror: editor }) {
  if (!editor || freed.has(editor)) return;
  freed.add(editor);
  editor.addKeyMap({ Tab: false, "Shift-Tab": false });
}

/** Variables and headers share one section whose label names only the visible one. */
function editorName(editor) {
  const tools = editor.closest(".graphiql-editor-tool");
  if (tools) return editor.parentElement === tools.querySelector(".graphiql-editor") ? "Variables" : "Headers";
  return editor.closest("section[aria-label]")?.getAttribute("aria-label") ?? "Response";
}

/** A `tab` must not hold buttons, and these hold two: they become a plain list whose current entry says so. */
function listTab(item) {
  const current = item.classList.contains("graphiql-tab-active");
  setAttribute(item, "role", null);
  setAttribute(item, "aria-selected", null);
  const button = item.querySelector(".graphiql-tab-button");
  if (button) setAttribute(button, "aria-current", current ? "true" : null);
}
