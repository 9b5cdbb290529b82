import { html } from "hono/html";
import { breakable, type Html, type Node, prose } from "./html.ts";
import { schemaView, typeText } from "./schema_view.ts";

interface Content {
  [mediaType: string]: { schema: Node };
}

/** What of an operation the page shows. */
export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: unknown[];
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Node }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

/** One route: what it does at a glance, all about it when opened. */
export function operationView(method: string, path: string, operation: Operation): Html {
  const { operationId, summary, description, security, parameters, requestBody, responses } = operation;
  return html`
    <details id="${operationId}">
      <summary><span class="method ${method}">${method}</span><code class="path">${breakable(path)}</code>
    ${security.length === 0 ? html`<span class="tag">public</span>` : ""}
    <span class="what">${summary}</span></summary>
      <div class="inside">
    ${description ? html`<p>${prose(description)}</p>` : ""}
    ${parameters.length > 0 ? html`<h3>parameters</h3>${parameterList(parameters)}` : ""}
    ${requestBody ? body(requestBody) : ""}
    <h3>answers</h3>
    <dl class="answers">${Object.entries(responses).map(answer)}</dl>
      </div>
    </details>
  `;
}

function parameterList(parameters: Operation["parameters"]): Html {
  return html`<dl class="fields">${
    parameters.map(({ name, in: place, required, description, schema }) =>
      html`<div><dt><code>${name}</code> <span class="type">${typeText(schema)}</span>
<span class="mark">${place}${required ? "" : ", optional"}</span></dt>${
        description ? html`<dd>${prose(description)}</dd>` : ""
      }</div>`
    )
  }</dl>`;
}

function body({ required, content }: NonNullable<Operation["requestBody"]>): Html {
  return html`${
    Object.values(content).map(({ schema }) =>
      html`<h3>body${required ? "" : " (optional)"}</h3>
${schema.description ? html`<p>${prose(schema.description)}</p>` : ""}${schemaView(schema)}`
    )
  }`;
}

function answer([status, { description, content = {} }]: [string, Operation["responses"][string]]): Html {
  const good = status.startsWith("2");
  return html`
    <div>
      <dt class="${good ? "good" : "bad"}">${status}</dt>
      <dd>${prose(description)}
    ${good
      ? Object.entries(content).map(([type, { schema }]) =>
        type === "application/json" ? schemaView(schema) : html`<p class="type">${type}</p>`
      )
      : ""}</dd>
    </div>
  `;
}
