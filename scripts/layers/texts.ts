import type { Graph, SourceFile } from "./graph.ts";
import { place } from "./imports.ts";

const MAX_LINES = 300;

/**
 * Plugin ids that are also words of the trade: kinds of part, names of outputs and inputs. Prose in core/ may use
 * them; only a string that is just this word counts as naming the plugin.
 */
const TRADE_WORDS = new Set([
  "lock",
  "gate",
  "camera",
  "tamper",
  "door-contact",
  "exit-button",
  "inside-button",
]);

/** Where core/ lists the closed vocabulary of part kinds, of which three are also ids. */
const VOCABULARY = new Set(["core/parts.ts", "core/access/releasable.ts"]);

export function textFaults(graph: Graph): string[] {
  const ids = pluginIds(graph);
  return graph.files.flatMap((file) => [
    ...lengthFaults(file),
    ...computedImportFaults(file),
    ...runtimeGlobalFaults(file),
    ...namedPluginFaults(file, ids),
  ]);
}

/** Plugins are the folders in plugins/ that have a mod.ts. */
export function pluginIds({ files }: Graph): string[] {
  return files.flatMap(({ path }) => /^plugins\/([^/]+)\/mod\.ts$/.exec(path)?.[1] ?? []);
}

function lengthFaults({ path, text }: SourceFile): string[] {
  const lines = text.trimEnd().split("\n").length;
  return lines <= MAX_LINES || place(path).isTest
    ? []
    : [`${path} has ${lines} lines: at most ${MAX_LINES}, so is it one thing?`];
}

/** Loads a third-party plugin, in a process that can do no more than was granted. */
const LOADS_OTHERS = "core/isolate/child/main.ts";

/** An import that a checker cannot follow would be a way round every other rule. */
function computedImportFaults({ path, text }: SourceFile): string[] {
  if (!place(path).isProduct || path === LOADS_OTHERS) return [];
  const computed = /\bimport\(\s*(?!["'\s])|\b(require|createRequire)\(|\bnew Worker\(/g;
  return [...code(text).matchAll(computed)].map(({ 0: found }) =>
    `${path} loads code by "${found.trim()}": imports in what ships are plain strings`
  );
}

/** The same files run on Node. */
function runtimeGlobalFaults({ path, text }: SourceFile): string[] {
  if (!place(path).isProduct || !/\bDeno\.[a-z]/i.test(code(text))) return [];
  return [`${path} uses the Deno namespace: what ships uses node: modules, so that it runs on Node too`];
}

function namedPluginFaults({ path, text }: SourceFile, ids: string[]): string[] {
  const { layer, isTest } = place(path);
  if (layer !== "core" || isTest) return [];
  return ids.filter((id) =>
    TRADE_WORDS.has(id)
      ? !VOCABULARY.has(path) && new RegExp(`(["'\`])${id}\\1`).test(code(text))
      : new RegExp(`(?<![\\w-])${id}(?![\\w-])`, "i").test(text)
  ).map((id) => `${path} names the plugin "${id}": core/ knows none`);
}

/** The text without lines that are comments as a whole, which is how this project writes them. */
function code(text: string): string {
  return text.split("\n").filter((line) => !/^\s*(\/\/|\/?\*)/.test(line)).join("\n");
}
