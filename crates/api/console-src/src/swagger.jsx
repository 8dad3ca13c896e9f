import SwaggerUI from "swagger-ui";
import "swagger-ui/dist/swagger-ui.css";
import "./page.css";
import "./swagger.css";
import { keepComplete } from "./keep-complete.js";
import { completeSwagger } from "./swagger-accessibility.js";

const root = document.getElementById("swagger");

// The original puts a link inside the button that opens the operation (4.1.2). The button writes the address as well.
const withoutNestedLinks = { components: { DeepLink: ({ text }) => <span>{text}</span> } };

// No `validatorUrl`: its badge would call a public site. No stored token: these machines are shared. No
// `tryItOutEnabled`: with a token entered, one stray click would delete or publish.
SwaggerUI({
  domNode: root,
  url: root.dataset.document,
  deepLinking: true,
  docExpansion: "list",
  persistAuthorization: false,
  plugins: [withoutNestedLinks],
  validatorUrl: null,
});
keepComplete(completeSwagger);
