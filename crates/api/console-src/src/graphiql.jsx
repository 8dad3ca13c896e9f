import { createRoot } from "react-dom/client";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import "./page.css";
import "./graphiql.css";
import { completeGraphiql } from "./graphiql-accessibility.js";
import { createFetcher } from "./fetcher.js";
import { keepComplete } from "./keep-complete.js";
import { pasteHeaderLines } from "./header-paste.js";
import { createStorage } from "./storage.js";

const root = document.getElementById("graphiql");
const { endpoint, query } = root.dataset;

// `forcedTheme` is left to the person; `shouldPersistHeaders` is not: these machines are shared.
createRoot(root).render(
  <GraphiQL
    fetcher={createFetcher(endpoint)}
    defaultQuery={query}
    storage={createStorage(window.localStorage)}
    shouldPersistHeaders={false}
    isHeadersEditorEnabled
    defaultEditorToolsVisibility="headers"
  >
    <GraphiQL.Logo>
      <a className="graphiql-logo-link" href="/">
        Liên Thông
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
document.addEventListener("paste", pasteHeaderLines, true);
keepComplete(completeGraphiql);
