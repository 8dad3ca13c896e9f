import { setAttribute, setAttributes } from "./keep-complete.js";

/** Names that Swagger UI leaves out, and keys to scroll long examples (WCAG 2 level A: 2.1.1, 2.5.3, 4.1.2). */
export function completeSwagger() {
  document.querySelectorAll("tr[data-param-name]").forEach(nameParameter);
  setAttributes(".body-param textarea", "aria-label", "Request body");
  setAttributes(".microlight, .body-param__example", "tabindex", "0");
  setAttributes(".close-modal", "aria-label", "Close");
  setAttributes(".auth-btn-wrapper .authorize", "aria-label", null);
}

function nameParameter(row) {
  const name = row.getAttribute("data-param-name");
  row.querySelectorAll("select, textarea, input").forEach((field) => setAttribute(field, "aria-label", name));
}
