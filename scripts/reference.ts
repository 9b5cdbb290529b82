/** Writes docs/plugins/reference.md: what `latchkey` and `latchkey/testing` export, from their source. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const PAGE: string = join(ROOT, "docs", "plugins", "reference.md");

/** What plugins import, and where it is. */
const MODULES: [name: string, path: string, about: string][] = [
  ["latchkey", "core/mod.ts", "What a plugin imports."],
  ["latchkey/testing", "authors/testing/mod.ts", "What its tests import: see [testing](testing.md)."],
];

/** The order of the sections, and what belongs there. */
const SECTIONS: [title: string, holds: (symbol: PublicSymbol) => boolean][] = [
  ["Functions", ({ kind }) => kind === "function"],
  ["Classes", ({ kind }) => kind === "class"],
  ["Events", ({ text }) => /= defineEvent\b/.test(text)],
  ["Services", ({ text }) => /= defineService\b/.test(text)],
  ["Extension points", ({ text }) => /= definePoint\b/.test(text)],
  ["Types", ({ kind }) => kind === "interface" || kind === "typeAlias"],
  ["Schemas and values", () => true],
];

/** Something that a plugin can import. */
export interface PublicSymbol {
  name: string;
  kind: string;
  /** Its docstring; empty where it has none. */
  doc: string;
  /** Its declaration, as the source has it, without what it does. */
  text: string;
}

interface Declaration {
  kind: string;
  location: { filename: string; byteIndex: number };
  jsDoc?: { doc?: string; tags?: { kind: string; doc?: string }[] };
  def?: { methods?: Member[]; properties?: Member[] };
}

interface Member {
  name: string;
  accessibility?: string;
  location: { filename: string; byteIndex: number };
}

/** All that a module exports, in alphabetical order. */
export async function publicSymbols(path: string): Promise<PublicSymbol[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", path],
    cwd: ROOT,
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    nodes: Record<string, { symbols: { name: string; declarations: Declaration[] }[] }>;
  };
  return Object.values(nodes).flatMap(({ symbols }) => symbols)
    .map(({ name, declarations: [first] }) => symbolOf(name, first!))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

function symbolOf(name: string, declaration: Declaration): PublicSymbol {
  const { kind, jsDoc, location } = declaration;
  const tags = (jsDoc?.tags ?? []).filter(({ kind }) => kind === "throws").map(({ doc = "" }) =>
    `Throws ${doc}`
  );
  const doc = [jsDoc?.doc ?? "", ...tags].filter(Boolean).join("\n\n");
  const text = kind === "class" ? classText(declaration) : declarationText(sourceAt(location), kind);
  return { name, kind, doc, text };
}

const sources = new Map<string, Uint8Array>();

/** The source from there on. */
function sourceAt({ filename, byteIndex }: Declaration["location"]): string {
  let bytes = sources.get(filename);
  if (!bytes) sources.set(filename, bytes = readFileSync(fileURLToPath(filename)));
  return new TextDecoder().decode(bytes.subarray(byteIndex));
}

/** A declaration up to its end, or up to what it does. */
function declarationText(source: string, kind: string): string {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!;
    if (source.startsWith("/*", at)) at = source.indexOf("*/", at) + 1;
    else if (source.startsWith("//", at)) at = source.indexOf("\n", at);
    else if (/["'`]/.test(char)) at = endOfString(source, at);
    // After the last thing between a function's head and its body there is a space, and the body has lines.
    else if (kind === "function" && depth === 0 && source.startsWith("{\n", at)) {
      return source.slice(0, at).trim();
    } else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) {
      depth--;
      if (depth === 0 && kind === "interface" && char === "}") return source.slice(0, at + 1);
    } else if (char === ";" && depth === 0) return source.slice(0, at + 1);
  }
  throw new Error(`This declaration has no end: ${source.slice(0, 80)}`);
}

function endOfString(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === source[from]) return at;
  }
  return source.length;
}

/** A class's public members, each with what is said of it, and without what it does. */
function classText({ location, def }: Declaration): string {
  const source = sourceAt(location);
  const head = source.slice(0, source.indexOf("{\n"));
  const members = [...def?.properties ?? [], ...def?.methods ?? []]
    .filter(({ name, accessibility }) => accessibility !== "private" && !name.startsWith("#"))
    .sort((a, b) => a.location.byteIndex - b.location.byteIndex)
    .map(({ location: at }) => {
      const before = source.slice(0, at.byteIndex - location.byteIndex);
      const comment = /\n( *\/\*\*(?:(?!\*\/)[^])*\*\/)\s*$/.exec(before)?.[1] ?? "";
      return [comment, `  ${memberText(sourceAt(at))}`].filter(Boolean).join("\n");
    });
  return `${head}{\n${members.join("\n")}\n}`;
}

function memberText(source: string): string {
  const field = /^(?:readonly |static )*[\w#]+\??: [^\n]*;/.exec(source)?.[0];
  if (field) return field.replace(/ = .*;$/, ";");
  return `${
    declarationText(source, "function").replace(/^async /, "").replace(/^static async /, "static ")
  };`;
}

/** The page, formatted. */
export async function reference(): Promise<string> {
  const parts = [
    "# Reference",
    "<!-- written by `deno task reference`, checked by a test -->",
    "Everything that a plugin, or its test, can import beside `zod`. Times are in ms unless another unit is named.",
  ];
  for (const [name, path, about] of MODULES) {
    parts.push(`## \`${name}\``, about);
    let rest = await publicSymbols(path);
    for (const [title, holds] of SECTIONS) {
      const own = rest.filter(holds);
      rest = rest.filter((symbol) => !own.includes(symbol));
      if (own.length > 0) parts.push(`### ${title}`, ...own.map(entry));
    }
  }
  return await formatted(`${parts.join("\n\n")}\n`);
}

function entry({ name, doc, text }: PublicSymbol): string {
  return [`#### ${name}`, doc, "```ts\n" + text.replace(/^export /, "") + "\n```"].join("\n\n");
}

async function formatted(markdown: string): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=md", "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(markdown));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) writeFileSync(PAGE, await reference());
