import { html } from "hono/html";
import { API_BASE } from "../route_table.ts";
import { type Html, type Node, prose } from "./html.ts";
import { type Operation, operationView } from "./operation.ts";
import { schemaView } from "./schema_view.ts";

/** What of an OpenAPI document the page shows. */
export interface Document {
  info: { title: string; version: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Node> };
}

const EXAMPLE = `TOKEN=…
curl -H "Authorization: Bearer $TOKEN" \\
  http://127.0.0.1:8080${API_BASE}/status`;

interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

/** An API document as a page to read: plain HTML that needs no script. */
export async function documentPage(document: Document): Promise<string> {
  const { info, tags, paths, components } = document;
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method, path, operation }))
  );
  const groups = tags.map(({ name }) => ({
    name,
    entries: entries.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const schemas = Object.entries(components.schemas);
  return String(
    await html`
      <!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>${info.title} – API</title>
          <link rel="stylesheet" href="${API_BASE}/docs.css">
        </head>
        <body>
          <a class="skip" href="#content">To the routes</a>
          <header class="top">
            <div class="wide">
              <p class="kicker">${info.title}</p>
              <h1>API</h1>
              <p class="lead">${prose(info.description)}</p>
              <p class="facts"><span>Version ${info.version}</span><span>${entries.length} routes</span>
      <a href="${API_BASE}/openapi.json">OpenAPI 3.1 document</a></p>
            </div>
          </header>
          <div class="wide columns">
            <nav aria-label="Routes">${groups.map(contents)}
      <section><h2><a href="#schemas">schemas</a></h2></section></nav>
            <main id="content">
      ${opening()}
      ${groups.map(group)}
      <section id="schemas"><h2>schemas</h2>
      <p class="note">What the routes have in common, by name.</p>
      ${schemas.map(([name, schema]) =>
        html`
          <details id="schema-${name}">
            <summary><code class="path">${name}</code></summary>
            <div class="inside">${schemaView(schema)}</div>
          </details>
        `
      )}
      </section>
            </main>
          </div>
        </body>
      </html>
    `,
  );
}

function opening(): Html {
  return html`
    <section id="start">
      <h2>how to call it</h2>
      <p>Send the owner’s token with every request, but for the routes marked
    <span class="tag">public</span>. It is what follows <code>token=</code> in the link that the first start prints.</p>
      <pre tabindex="0"><code>${EXAMPLE}</code></pre>
      <p>A refusal is a problem document, <a href="#schema-Problem">Problem</a>. Decide by its <code>code</code>;
    <code>detail</code> is for people.</p>
    </section>
  `;
}

function contents({ name, entries }: { name: string; entries: Entry[] }): Html {
  return html`
    <section>
      <h2><a href="#tag-${name}">${name}</a></h2>
      <ul>${entries.map(({ method, operation }) =>
        html`<li><a href="#${operation.operationId}"><span class="method ${method}">${method}</span>
${operation.summary}</a></li>`
      )}</ul>
    </section>
  `;
}

function group({ name, entries }: { name: string; entries: Entry[] }): Html {
  return html`<section id="tag-${name}"><h2>${name}</h2>
${entries.map(({ method, path, operation }) => operationView(method, path, operation))}</section>`;
}
