import { html } from "hono/html";
import { type Html, type Node, prose } from "./html.ts";

/** A schema with all its fields. */
export function schemaView(schema: Node): Html {
  const inner = innermost(schema);
  if (!inner.properties || Object.keys(inner.properties).length === 0) {
    const kinds = inner.oneOf ?? inner.anyOf;
    if (kinds?.some(({ properties }) => properties)) return alternatives(kinds);
    return html`<p class="type">${typeText(schema)}</p>`;
  }
  return html`${inner === schema ? "" : html`<p class="type">list of</p>`}
<dl class="fields">${Object.entries(inner.properties).map(([name, field]) => row(name, field, inner))}</dl>`;
}

function row(name: string, field: Node, owner: Node): Html {
  const optional = !owner.required?.includes(name);
  const inner = innermost(field);
  const nested = inner.properties || inner.oneOf || inner.anyOf?.some(({ properties }) => properties);
  return html`<div><dt><code>${name}</code> <span class="type">${typeText(field)}</span>
${optional ? html`<span class="mark">optional</span>` : ""}</dt>${
    field.description || nested
      ? html`<dd>${field.description ? prose(field.description) : ""}${nested ? schemaView(inner) : ""}</dd>`
      : ""
  }</div>`;
}

function alternatives(kinds: Node[]): Html {
  return html`<ul class="kinds">${kinds.map((kind) => html`<li>${schemaView(kind)}</li>`)}</ul>`;
}

/** A list's items, those of a list of lists too. */
function innermost(schema: Node): Node {
  return schema.items ? innermost(schema.items) : schema;
}

/** What may stand there, in a line. */
export function typeText(schema: Node): Html {
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1)!;
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return joined(schema.enum.map((value) => html`<code>${String(value)}</code>`));
  const kinds = schema.oneOf ?? schema.anyOf;
  if (kinds) return joined(kinds.map(typeText));
  if (schema.items) return html`list of ${typeText(schema.items)}${limits(schema)}`;
  const types = [schema.type ?? "anything"].flat().map((type) => WORDS[type] ?? type).join(" or ");
  return html`${types}${limits(schema)}`;
}

const WORDS: Record<string, string> = { integer: "whole number", string: "text", boolean: "yes or no" };

function joined(pieces: Html[]): Html {
  return html`${
    pieces.map((piece, index) =>
      index === 0 ? piece : html`
        | ${piece}
      `
    )
  }`;
}

function limits(schema: Node): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, format } = schema;
  const length = range(minLength, maxLength);
  const count = range(minItems, maxItems);
  const known = (value: number | undefined) =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
  const facts = [
    format,
    range(known(minimum), known(maximum)),
    length && `${length} characters`,
    count && `${count} of them`,
  ].filter(Boolean);
  const preset = schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`];
  const all = [...facts, ...preset];
  return all.length > 0 ? `, ${all.join(", ")}` : "";
}

function range(least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return least === most ? `${least}` : `${least} to ${most}`;
  if (least !== undefined) return `at least ${least}`;
  return most === undefined ? "" : `at most ${most}`;
}
