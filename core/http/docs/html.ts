import { html, raw } from "hono/html";
import type { Json } from "../../json.ts";

/** A finished piece of HTML. */
export type Html = ReturnType<typeof html>;

/** A node of JSON Schema, as the document has it. */
export interface Node {
  $ref?: string;
  type?: string | string[];
  description?: string;
  default?: Json;
  const?: Json;
  enum?: Json[];
  anyOf?: Node[];
  oneOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  required?: string[];
  additionalProperties?: boolean | Node;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** Text in which backticks mark code. */
export function prose(text: string): Html {
  const pieces = text.split("`").map((piece, index) => index % 2 ? html`<code>${piece}</code>` : piece);
  return html`${pieces}`;
}

/** A path that may be broken after each slash. */
export function breakable(path: string): Html {
  const pieces = path.split("/").slice(1).map((piece) =>
    piece.startsWith("{")
      ? html`/${raw("<wbr>")}<span class="param">${piece}</span>`
      : html`/${raw("<wbr>")}${piece}`
  );
  return html`${pieces}`;
}
